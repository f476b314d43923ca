"""The peer of bench/submits: the queue of jobs that people build themselves. FastAPI checks a request, Celery puts it on Redis, and
the answer follows when Redis has it. Run by uvicorn."""

import os
import time
from typing import Annotated

from celery import Celery
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

jobs = Celery("jobs", broker=os.environ["PEER_BROKER"])
app = FastAPI()


class CreateVideo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
    model: str | None = None
    seconds: Annotated[str, Field(pattern="^[0-9]{1,4}$")] | None = None
    seed: Annotated[int, Field(ge=-1)] | None = None


@app.get("/health")
def health():
    return "up"


@app.post("/v1/videos", status_code=202)
def create(video: CreateVideo):
    job = jobs.send_task("draw", kwargs=video.model_dump(exclude_none=True))
    return {
        "id": job.id,
        "object": "video",
        "status": "queued",
        "progress": 0,
        "created_at": int(time.time()),
        **video.model_dump(exclude_none=True),
    }
