package io.text2video.worker.pipeline;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.TensorInfo;
import java.util.List;

/** The call that a reference was made with, as its metadata tell it. */
final class GoldenCall {
    private GoldenCall() {}

    static GenerationParameters of(Reference golden) {
        return new GenerationParameters(
                golden.metadata("prompt"),
                golden.metadata("negative_prompt"),
                number(golden, "steps"),
                Double.parseDouble(golden.metadata("guidance_scale")),
                Boolean.parseBoolean(golden.metadata("use_dynamic_cfg")),
                0,
                number(golden, "height"),
                number(golden, "width"),
                number(golden, "num_frames"),
                8,
                number(golden, "seed"),
                List.of(),
                image(golden));
    }

    private static int number(Reference golden, String key) {
        return Integer.parseInt(golden.metadata(key));
    }

    /** The picture that a video starts from; null where there is none. */
    private static RgbImage image(Reference golden) {
        TensorInfo image = golden.tensors().get("image_rgb8");
        return image == null
                ? null
                : new RgbImage(
                        (int) image.shape()[0],
                        (int) image.shape()[1],
                        golden.bytes(image.name()).array());
    }
}
