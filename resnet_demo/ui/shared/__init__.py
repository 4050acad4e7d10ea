"""What several tabs share and no tab owns. It must not depend on a tab."""
