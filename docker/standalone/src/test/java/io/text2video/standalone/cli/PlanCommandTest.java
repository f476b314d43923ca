package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Plans for a GPU, on a machine that need not have one. */
class PlanCommandTest {
    private static final String TINY = "../../models/cogvideox-tiny";
    private static final int COLUMNS = 100;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldPlanForAGpuThatIsNotHere() {
        int exit = run("plan", "--model", TINY, "--device", "cuda", "--gpu-memory", "16GiB");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(out.toString())
                .contains("On the GPU", "On the host beside it", "runs      whole")
                .contains("fits in 16.0 GiB (--gpu-memory)");
    }

    /** All its frames are encoded. */
    @Test
    void shouldPlanForAControlModel() throws Exception {
        int exit = run("plan", "--model", "../../worker/src/test/resources/reference/control/5b", "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString());
        assertThat(plan.at("/video/encoded_frames").asInt())
                .isEqualTo(plan.at("/video/num_frames").asInt())
                .isEqualTo(17);
        assertThat(plan.has("job")).isTrue();
    }

    @Test
    void shouldPrintGpuAndHostAsJson() throws Exception {
        int exit = run("plan", "--model", TINY, "--device", "cuda:1", "--gpu-memory", "16GB", "--json");

        assertThat(exit).as(err.toString()).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString());
        assertThat(plan.at("/budget/bytes").asLong()).isEqualTo(16_000_000_000L);
        assertThat(plan.at("/ladder/0/stages/3/mapped").asLong()).isZero();
        assertThat(plan.at("/ladder/0/host/3/mapped").asLong()).isPositive();
        assertThat(plan.at("/ladder/0/rung").asText()).isEqualTo("whole");
    }

    @Test
    void shouldSayWhetherAJobMayBeThat() {
        int exit = run("plan", "--model", TINY, "--device", "cpu", "--width", "256", "--height", "128");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("limits    of a worker that is started here", "16,384 pixels a frame, 65 frames")
                .contains("refused   256x128 has 32768 pixels, but a frame must have at most 16384");
    }

    @Test
    void shouldRefuseAGpuTooSmallForIt() {
        int exit = run("plan", "--model", TINY, "--device", "cuda", "--gpu-memory", "500MB");

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).contains("of GPU memory").contains("476.8 MiB");
    }

    @Test
    void shouldSayThatGpuMemoryIsOfAGpu() {
        int exit = run("plan", "--model", TINY, "--device", "cpu", "--gpu-memory", "16GiB");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("add --device cuda");
    }

    @Test
    void shouldSayTheWayOutWhereThereIsNoSuchGpu() {
        // No machine has so many
        int exit = run("plan", "--model", TINY, "--device", "cuda:98");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("cuda:98 is not here").contains("--gpu-memory 16GiB");
    }

    private int run(String... arguments) {
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
