"""Names of the files in a run's folder."""

CONFIG, LOG, WEIGHTS, RESUME = "config.json", "events.jsonl", "model.safetensors", "resume.pt"
PREDICTIONS, EPOCHS = "predictions.npz", "epochs"
LOCK, STOP, META, MANIFEST = "lock", "stop", "meta.json", "manifest.json"
LABELS = "labels.npz"  # what the predictions of its epochs are compared with, where the data set need not be at hand
INITIAL = "initial.safetensors"  # values that the run begins from, where they are not those of its seed
OUTPUT = "output.txt"  # what the training process printed
