"""LiteLLM at a fleet: every call that it has for videos.

    pip install litellm
    export GATEWAY=http://localhost:8080
    python litellm_videos.py hosted_vllm        # or openai
"""

import os
import sys
import time

import litellm

litellm.suppress_debug_info = True
provider = sys.argv[1]
# For openai LiteLLM wants the /v1 in the URL, and for hosted_vllm takes it.
fleet = {"custom_llm_provider": provider, "api_base": os.environ["GATEWAY"] + "/v1", "api_key": "none"}

video = litellm.video_generation(
    model="cogvideox-tiny", prompt="a red ball moving left", extra_body={"num_inference_steps": 4}, **fleet
)
print("video_generation:", video.status)

while video.status in ("queued", "in_progress"):
    time.sleep(0.2)
    video = litellm.video_status(video_id=video.id, **fleet)
print("video_status:", video.status)

print("video_list:", litellm.video_list(limit=1, **fleet)["data"][0]["object"])

mp4 = litellm.video_content(video_id=video.id, **fleet)
print("video_content:", mp4[4:8].decode())  # an MP4 begins with its length and "ftyp"

remix = litellm.video_remix(video_id=video.id, prompt="a green square", **fleet)
print("video_remix:", remix.status)

edit = litellm.video_edit(video_id=video.id, prompt="in the rain", **fleet)
print("video_edit:", edit.status)


def refused(call, **arguments):
    """What the fleet says to something that it does not have."""
    try:
        call(**arguments, **fleet)
    except Exception as e:
        return f"{e.status_code}" + (" not_supported" if "not supported" in str(e) else "")
    return "no error"


print("video_extension:", refused(litellm.video_extension, video_id=video.id, prompt="it stops", seconds="8"))
print("video_create_character:", refused(litellm.video_create_character, name="Ball", video=mp4))
print("video_get_character:", refused(litellm.video_get_character, character_id="ball"))
