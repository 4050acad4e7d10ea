"""From a picture and a network, a run's or ImageNet's, to an answer and its evidence. Must not depend on pages or
training."""
