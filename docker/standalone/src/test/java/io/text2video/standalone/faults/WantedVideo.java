package io.text2video.standalone.faults;

import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Pool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the few requests that a run makes again and again: its seed is fixed, so it has one right video.
 *
 * @param name in the history
 * @param pool whose workers have its model
 */
record WantedVideo(String name, Pool pool, String prompt, int steps, int frames, long seed) {
    /** Beside the default pool. */
    static final Pool SECOND_POOL = new Pool("second");

    static final List<WantedVideo> ALL = List.of(
            new WantedVideo("red", Pool.DEFAULT, "a red ball moving left on a white background", 20, 9, 1),
            new WantedVideo("blue", Pool.DEFAULT, "a blue square moving up on a black background", 15, 17, 2),
            new WantedVideo("green", Pool.DEFAULT, "a green ball moving down on a white background", 30, 9, 3),
            new WantedVideo("second", SECOND_POOL, "a red square moving right on a black background", 20, 9, 4));

    /** The pool whose workers are to make it; the default one for a name that is not among {@link #ALL}. */
    static Pool pool(String name) {
        return ALL.stream()
                .filter(wanted -> wanted.name.equals(name))
                .map(WantedVideo::pool)
                .findAny()
                .orElse(Pool.DEFAULT);
    }

    /** The model that a pool's workers have. */
    static String model(Pool pool) {
        return pool.equals(Pool.DEFAULT) ? "cogvideox-tiny" : "cogvideox-" + pool.name();
    }

    /**
     * The body of a {@code POST /v1/videos}; the preferred model is not named.
     *
     * @param webhook null for none
     */
    byte[] http(String webhook) {
        Map<String, Object> body = new HashMap<>(parameters());
        body.put("prompt", prompt);
        if (!pool.equals(Pool.DEFAULT)) {
            body.put("model", model(pool));
        }
        return written(body, webhook);
    }

    /**
     * The record that another program puts on a topic of requests. On its own pool's no model has to be named.
     *
     * @param webhook null for none
     */
    byte[] record(JobId id, String webhook, Pool target) {
        Map<String, Object> record = new HashMap<>(Map.of("id", id, "prompt", prompt, "parameters", parameters()));
        if (!target.equals(pool)) {
            record.put("model", model(pool));
        }
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
