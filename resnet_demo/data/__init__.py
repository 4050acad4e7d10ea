"""Images in, arrays out: data sets, augmentation, decoding and preprocessing. Must not depend on networks."""
