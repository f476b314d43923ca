//JAVA 17+

import io.text2video.api.GeneratedVideo;
import io.text2video.api.Text2Video;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Draws with the engine what measure.py looks at: a line of standard input is a seed, a space and a prompt, and to standard
 * output go all frames' pixels, a byte each for red, green and blue.
 *
 * <pre>
 * java -cp "$(./text2video class-path)" models/train/DrawScenes.java CHECKPOINT TIMESTEPS GUIDANCE [LORA SCALE]
 * </pre>
 */
public class DrawScenes {
    public static void main(String... arguments) throws Exception {
        int[] timesteps = Arrays.stream(arguments[1].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        double guidance = Double.parseDouble(arguments[2]);
        boolean withLora = arguments.length > 3;

        var sentences = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Text2Video pipeline = Text2Video.load(
                arguments[0], options -> {
                    options.device("cpu").cpuPaths("default"); // the same on every machine
                    if (withLora) {
                        options.lora("lora", Path.of(arguments[3]));
                    }
                })) {
            for (String line = sentences.readLine(); line != null; line = sentences.readLine()) {
                String[] seedAndPrompt = line.split(" ", 2);
                GeneratedVideo video = pipeline.generate(seedAndPrompt[1], options -> {
                    options.seed(Long.parseLong(seedAndPrompt[0]))
                            .timesteps(timesteps)
                            .guidanceScale(guidance);
                    if (withLora) {
                        options.lora("lora", Double.parseDouble(arguments[4]));
                    }
                });
                write(video, System.out);
            }
        }
    }

    private static void write(GeneratedVideo video, OutputStream out) throws Exception {
        for (BufferedImage frame : video.frames()) {
            byte[] bytes = new byte[3 * frame.getWidth() * frame.getHeight()];
            int at = 0;
            for (int pixel : frame.getRGB(0, 0, frame.getWidth(), frame.getHeight(), null, 0, frame.getWidth())) {
                bytes[at++] = (byte) (pixel >> 16);
                bytes[at++] = (byte) (pixel >> 8);
                bytes[at++] = (byte) pixel;
            }
            out.write(bytes);
        }
        out.flush();
    }
}
