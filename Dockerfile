# The page on a server of anybody's, or as a Space with Docker; docs/SPACES.md has the commands.
FROM python:3.12-slim

# one more index of packages, e.g. https://download.pytorch.org/whl/cpu: PyTorch without CUDA's libraries, 5 GB less
ARG EXTRA_INDEX=""

RUN useradd --uid 1000 --create-home user
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir ${EXTRA_INDEX:+--extra-index-url "$EXTRA_INDEX"} -r requirements.txt
COPY app.py LICENSE ./
COPY resnet_demo resnet_demo
COPY assets assets
COPY weights weights
# code and weights are root's and nobody writes to them; what is trained, decoded and downloaded goes to the volume
RUN python -m compileall -q resnet_demo && chmod -R a=rX /app && mkdir /data && chown 1000:1000 /data
ENV HOME=/home/user \
    RESNET_DEMO_RUNS=/data/runs \
    RESNET_DEMO_CACHE=/data/cache \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    PYTHONUNBUFFERED=1
VOLUME /data
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["python", "-c", "import os, sys; from http.client import HTTPConnection; page = HTTPConnection('127.0.0.1', int(os.environ['GRADIO_SERVER_PORT']), timeout=9); page.request('GET', '/'); sys.exit(page.getresponse().status != 200)"]
ENTRYPOINT ["python", "app.py"]
