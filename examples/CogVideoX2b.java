//JAVA 17+
//DEPS io.text2video:text2video-worker:0.1.0-SNAPSHOT

import io.text2video.api.GeneratedVideo;
import io.text2video.api.Text2Video;
import java.nio.file.Path;

/**
 * From a prompt to a video, in one process. At the project's root:
 *
 * <pre>
 * java -cp "$(./text2video class-path)" examples/CogVideoX2b.java
 * </pre>
 *
 * <p>It draws with the toy model that comes with the project, which knows colours, shapes and directions, and no waterfalls.
 * For a real one: {@code ./text2video download zai-org/CogVideoX-2b}, and that name as an argument.
 */
public class CogVideoX2b {
    public static void main(String... arguments) throws Exception {
        String prompt = "A beautiful waterfall in a forest";

        String model = arguments.length > 0 ? arguments[0] : "models/cogvideox-tiny";
        try (Text2Video pipeline = Text2Video.load(model)) {
            GeneratedVideo video = pipeline.generate(
                    prompt,
                    options -> options.seed(42)
                            .onStep((step, steps) -> System.err.printf("\rstep %d of %d", step, steps))
                            .onFrames((frames, all) -> System.err.printf("\rframe %d of %d", frames, all)));
            System.err.println();
            System.out.println(video.save(Path.of("CogVideoX2b.mp4")).toAbsolutePath());
        }
    }
}
