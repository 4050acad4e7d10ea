"""Runs as folders: reading one (`folder`), writing (`writer`), carrying out (`execute`), finding them (`index`), and
training them one after the other in processes of their own (`manager`, `queue`, `worker`)."""
