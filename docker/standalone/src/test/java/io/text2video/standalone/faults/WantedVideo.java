package io.text2video.standalone.faults;

import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the few requests that a run makes again and again: its seed is fixed, so it has one right video.
 *
 * @param name in the history
 */
record WantedVideo(String name, String prompt, int steps, int frames, long seed) {
    static final List<WantedVideo> ALL = List.of(
            new WantedVideo("red", "a red ball moving left on a white background", 20, 9, 1),
            new WantedVideo("blue", "a blue square moving up on a black background", 15, 17, 2),
            new WantedVideo("green", "a green ball moving down on a white background", 30, 9, 3));

    /**
     * The body of a {@code POST /v1/videos}.
     *
     * @param webhook null for none
     */
    byte[] http(String webhook) {
        Map<String, Object> body = new HashMap<>(parameters());
        body.put("prompt", prompt);
        return written(body, webhook);
    }

    /**
     * The record that another program puts on {@code video.requests}.
     *
     * @param webhook null for none
     */
    byte[] record(JobId id, String webhook) {
        Map<String, Object> record = new HashMap<>(Map.of("id", id, "prompt", prompt, "parameters", parameters()));
        return written(record, webhook);
    }

    private Map<String, Object> parameters() {
        return Map.of("num_inference_steps", steps, "num_frames", frames, "seed", seed);
    }

    private static byte[] written(Map<String, Object> message, String webhook) {
        if (webhook != null) {
            message.put("webhook", Map.of("url", webhook));
        }
        return JsonCodec.write(message);
    }
}
