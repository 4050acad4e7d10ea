"""Runs as folders: reading one (`folder`), writing (`writer`), carrying out (`execute`), finding them (`index`)."""
