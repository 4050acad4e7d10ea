"""From a picture and a network, a run's or ImageNet's, to an answer and its evidence. Knows no page and no training."""
