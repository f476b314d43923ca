package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no load of an archive checks: that kernels of one device do not quietly make something on another. */
class KernelSourcesTest {
    private static final Pattern SIGNATURE = Pattern.compile("(?m)^  def (\\w+\\(.*\\) -> .*):$");

    /** Calls that make a tensor of nothing; a {@code _like} takes the device of what it is like. */
    private static final Pattern FACTORY =
            Pattern.compile("torch\\.(empty|zeros|ones|full|arange|linspace|eye|rand|randn|randint|tensor)\\(");

    /** What a CPU alone has to find out. */
    private static final Set<String> OF_A_CPU =
            Set.of("names_onednn", "integers_are_exact", "one_head", "plain_attention");

    /** Steps of what a GPU alone does otherwise. */
    private static final Set<String> OF_A_GPU = Set.of("fp8_product", "convolve");

    @Test
    void shouldDefineTheSameKernelsForEachDevice() throws IOException {
        // Given
        Set<String> shared = signatures(KernelArchive.read("head")
                + KernelArchive.read("tensors")
                + KernelArchive.read("linear")
                + KernelArchive.read("text")
                + KernelArchive.read("transformer")
                + KernelArchive.read("vae")
                + KernelArchive.read("sampling"));

        // When
        Set<String> cpu = signatures(KernelArchive.read("on_cpu"));
        Set<String> cuda = signatures(KernelArchive.read("on_cuda"));

        // Then
        assertThat(without(OF_A_CPU, cpu)).isEqualTo(without(OF_A_GPU, cuda)).hasSizeGreaterThan(9);
        assertThat(shared).doesNotContainAnyElementsOf(cpu).doesNotContainAnyElementsOf(cuda);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheDeviceOfWhateverIsMadeOfNothing(Device.Kind kind) throws IOException {
        // When
        String source = KernelArchive.source(kind);

        // Then
        Matcher factory = FACTORY.matcher(source);
        int calls = 0;
        while (factory.find()) {
            assertThat(call(source, factory.end())).contains("device=");
            calls++;
        }
        assertThat(calls).isGreaterThan(5);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAskNoTensorWhetherItIsOnACpu(Device.Kind kind) throws IOException {
        assertThat(KernelArchive.source(kind)).doesNotContain("is_cpu", "is_cuda");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetNoWayWhileAnotherThreadTakesIt(Device.Kind kind) throws IOException {
        assertThat(KernelArchive.source(kind)).doesNotContainPattern("(?m)^ +self\\.\\w+ = ");
    }

    /** From a call's opening parenthesis to the one that closes it. */
    private static String call(String source, int start) {
        int depth = 1;
        int end = start;
        while (depth > 0) {
            char c = source.charAt(end++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        return source.substring(start, end);
    }

    private static Set<String> signatures(String source) {
        Set<String> found = new TreeSet<>();
        Matcher signature = SIGNATURE.matcher(source);
        while (signature.find()) {
            found.add(signature.group(1));
        }
        return found;
    }

    private static Set<String> without(Set<String> names, Set<String> signatures) {
        Set<String> rest = new TreeSet<>(signatures);
        rest.removeIf(signature -> names.contains(signature.substring(0, signature.indexOf('('))));
        return rest;
    }
}
