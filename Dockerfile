# The web server. The worker is the same image with the command `python manage.py work`, and a release
# begins with `python manage.py migrate`. The database is given: DATABASE_URL and what else .env.example lists.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WEB_CONCURRENCY=2

WORKDIR /srv/soc

# First the lock file alone: this layer is made anew only when a dependency changes.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

# The code belongs to root: the user that runs it cannot change it.
RUN useradd --system --no-create-home --shell /usr/sbin/nologin soc
COPY manage.py ./
COPY socplatform socplatform
COPY core core
COPY grc grc
COPY soc soc
COPY templates templates
COPY static static

# glibc gives large blocks back at once, and keeps one heap for all threads.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072
USER soc
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "gunicorn", "socplatform.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "socplatform.launch.staying.StayingWorker", "--threads", "4", "--graceful-timeout", "8", "--no-control-socket", "--log-level", "warning"]
