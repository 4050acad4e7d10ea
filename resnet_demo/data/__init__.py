"""Pictures in, arrays out: data sets, augmentation, decoding and preprocessing. Knows no network."""
