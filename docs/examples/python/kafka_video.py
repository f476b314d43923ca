"""A video without HTTP: sends a request to Kafka and follows its events.

    pip install confluent-kafka
    export KAFKA=localhost:9092
    python kafka_video.py
"""

import json
import os
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

broker = {"bootstrap.servers": os.environ["KAFKA"]}
job = str(uuid.uuid4())

# Events are followed from before the request on, so that none is missed.
consumer = Consumer(broker | {"group.id": "unused", "enable.auto.commit": False})
partitions = [TopicPartition("video.events", p) for p in consumer.list_topics("video.events").topics["video.events"].partitions]
for partition in partitions:
    _, partition.offset = consumer.get_watermark_offsets(partition)
consumer.assign(partitions)

producer = Producer(broker | {"acks": "all"})
request = {"id": job, "prompt": "a red ball moving left", "parameters": {"num_inference_steps": 4}}
producer.produce("video.requests", key=job, value=json.dumps(request))
producer.flush()

while True:
    record = consumer.poll(60)
    if record is None:
        raise SystemExit("nothing has happened for a minute: does a worker run?")
    if record.error() or record.key().decode() != job:
        continue
    event = json.loads(record.value())
    print(event["type"] + ":", event.get("step", event.get("video", {}).get("key", "")))
    if event["type"] in ("video.completed", "video.failed", "video.cancelled"):
        break
