"""From a picture and a run to an answer. Knows networks, data and run folders; no page, no training."""
