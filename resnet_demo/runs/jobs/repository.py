"""Names in a job's repository, and of the variable that the job is given."""

CODE, RUNS, STOP, ENDED = "code.zip", "runs", "stop", "ended.json"
RUN = f"{RUNS}/run"  # the run's own id lets whoever knows it look at the run
STARTED = "RESNET_DEMO_STARTED"  # when the job's time began, in seconds since 1970
