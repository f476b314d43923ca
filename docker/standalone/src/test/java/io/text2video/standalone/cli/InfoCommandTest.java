package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfoCommandTest {
    private static final Path REFERENCE = Path.of("../../worker/src/test/resources/reference");
    private static final String TINY = "../../models/cogvideox-tiny";
    private static final int COLUMNS = 100;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldPrintAPageThatFits(String kind) {
        int exit = run("info", REFERENCE.resolve(kind).toString());

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(out.toString())
                .startsWith(kind + ": CogVideoX, 2 layers of width 64")
                .contains("text_encoder", "peaks estimated", "bf16", kind.contains("i2v") ? "needed" : "prompt alone")
                .contains("video        may "
                        + (kind.contains("i2v") ? "go on with one, --extend" : "be made from one, --video"));
    }

    @Test
    void shouldTellAControlModel() {
        assertThat(run("info", REFERENCE.resolve("control/5b").toString()))
                .as(err.toString())
                .isZero();

        assertThat(out.toString().lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(out.toString())
                .startsWith("5b: CogVideoX Fun Control, 2 layers of width 64")
                .contains("pipeline     CogVideoXFunControlPipeline, CogVideoXDDIMScheduler")
                .contains("image        none: it takes a prompt and a control video")
                .contains("video        needed: a control video that it draws along, --control-video FILE")
                .contains("What a job may be");
    }

    @Test
    void shouldGroupThousandsAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            run("info", TINY);
        } finally {
            Locale.setDefault(before);
        }

        assertThat(out.toString()).contains("3,414,163", "1 to 1,000", "fp32        0.8 MiB");
    }

    @Test
    void shouldPrintJsonForTheSizeThatIsAsked() throws Exception {
        int exit = run("info", TINY, "--json", "--height", "32", "--width", "48", "--frames", "9");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode info = new ObjectMapper().readTree(out.toString());
        assertThat(info.at("/components/1/class_name").asText()).isEqualTo("CogVideoXTransformer3DModel");
        assertThat(info.at("/generation/limits/size_multiple").asInt()).isEqualTo(16);
        assertThat(info.at("/memory/estimated").asBoolean()).isTrue();
        assertThat(info.at("/memory/tokens").asInt()).isEqualTo(32 + 3 * 2 * 3);
        assertThat(info.at("/memory/rows/0/weights").asText()).isEqualTo("fp32");
        assertThat(info.at("/memory/rows/0/gpu_least").asLong()).isPositive();
    }

    @Test
    void shouldSayWhatAJobMayBe() throws Exception {
        assertThat(run("info", TINY)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("What a job may be", "of a worker that is started here", "16,384 pixels a frame, 65 frames")
                .contains("2.0 h a job", "not measured yet; --gateway asks a fleet that has");

        out.getBuffer().setLength(0);
        assertThat(run("info", TINY, "--width", "256", "--height", "128", "--json"))
                .as(err.toString())
                .isZero();
        JsonNode job = new ObjectMapper().readTree(out.toString()).path("job");
        assertThat(job.at("/limits/max_pixels").asInt()).isEqualTo(4 * 64 * 64);
        assertThat(job.path("refusal").asText()).contains("a frame must have at most 16384");
        assertThat(job.path("estimated_seconds").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"cpu, fp32", "cuda:31, fp16", "'cuda:30,cuda:31', fp16"})
    void shouldTellWhatItWouldComputeIn(String device, String type) throws Exception {
        // When
        run("info", TINY, "--json", "--device", device);

        // Then
        JsonNode info = new ObjectMapper().readTree(out.toString());
        assertThat(info.path("device").asText()).isEqualTo(device);
        assertThat(info.path("compute_type").asText()).isEqualTo(type);
        assertThat(info.path("model_id").asText()).isEqualTo("cogvideox-tiny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-directory", TINY + " --frames 18", TINY + " --width 70"})
    void shouldFailInOneLine(String arguments) {
        int exit = run(("info " + arguments).split(" "));

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).startsWith("text2video: ").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) {
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
