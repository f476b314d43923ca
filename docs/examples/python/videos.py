"""OpenAI's Python client at a fleet: every call that it has for videos.

    pip install openai
    export OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=none
    python videos.py
"""

import openai

client = openai.OpenAI()

# What OpenAI's own API does not have goes into extra_body.
video = client.videos.create(
    prompt="a red ball moving left", extra_body={"num_frames": 9, "num_inference_steps": 4, "seed": 7}
)
print("create:", video.status)

video = client.videos.poll(video.id, poll_interval_ms=200)
print("poll:", video.status)

video = client.videos.create_and_poll(prompt="a blue square", extra_body={"num_inference_steps": 1}, poll_interval_ms=200)
print("create_and_poll:", video.status)

print("retrieve:", client.videos.retrieve(video.id).status)

# A list asks for the next page by itself.
newest = next(iter(client.videos.list(limit=1)))
print("list:", newest.object)

client.videos.download_content(video.id).write_to_file("video.mp4")
print("download_content:", open("video.mp4", "rb").read(8)[4:].decode())  # an MP4 begins with its length and "ftyp"

client.videos.download_content(video.id, variant="thumbnail").write_to_file("thumbnail.png")
print("download_content, variant thumbnail:", open("thumbnail.png", "rb").read(4)[1:].decode())

remix = client.videos.remix(video.id, prompt="a green square")
print("remix:", remix.status)


def called(method, **arguments):
    """What the fleet says to what not every version of the client has, and to what the fleet does not have."""
    if not hasattr(client.videos, method):
        return "this version has no such call"
    try:
        answer = getattr(client.videos, method)(**arguments)
    except openai.APIStatusError as e:
        return f"{e.status_code} {e.code}"
    return getattr(answer, "status", "no error")


mp4 = open("video.mp4", "rb").read()
print("edit:", called("edit", prompt="in the rain", video=mp4, extra_body={"strength": 0.6}))

# Only models that start from an image go on with a video; seconds is the length of the whole.
print("extend:", called("extend", prompt="it stops", seconds="2", video=mp4, extra_body={"model": "i2v"}))

print("download_content, variant spritesheet:", called("download_content", video_id=video.id, variant="spritesheet"))
print("create_character:", called("create_character", name="Ball", video=mp4))
print("get_character:", called("get_character", character_id="ball"))

print("delete:", "deleted" if client.videos.delete(video.id).deleted else "not deleted")
