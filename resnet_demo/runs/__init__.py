"""Runs as folders: read (`folder`), write (`writer`), carry out (`execute`), find (`index`), follow (`tail`).

`queue` trains them one after the other, `comparison` sets them side by side, `exchange` sends and receives them.
"""
