package io.text2video.worker.kernels;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * How the ways of the CPU are chosen: by timing them, or as somebody says. Computations are named by the ways that they
 * take, so that one worker goes on where another stopped only if both take the same.
 *
 * @param timed whether they are timed, and nothing is pinned
 * @param pinned parts whose way is given, and whether it is the first; the others take the default's
 */
public record CpuPathChoice(boolean timed, Map<Part, Boolean> pinned) {
    /** By timing them, once for a machine and a model's sizes. */
    public static final CpuPathChoice AUTO = new CpuPathChoice(true, Map.of());

    /** The same on every machine, but for int8, which is multiplied as integers where that is exact and no loop. */
    public static final CpuPathChoice DEFAULT = new CpuPathChoice(false, Map.of());

    private static final Logger LOG = Logger.getLogger(CpuPathChoice.class);
    private static final String AUTO_WORD = "auto";
    private static final String DEFAULT_WORD = "default";

    /** Of one part, at real sizes: five of them are about a second. */
    private static final Duration BUDGET = Duration.ofMillis(200);

    public CpuPathChoice {
        pinned = Map.copyOf(pinned);
    }

    /**
     * Reads {@code auto}, {@code default}, or parts with their ways, as in {@code linear=mkl,attention=fused}.
     *
     * @throws IllegalArgumentException naming what it does not know, and what there is
     */
    public static CpuPathChoice of(String text) {
        if (text.equals(AUTO_WORD)) {
            return AUTO;
        }
        if (text.equals(DEFAULT_WORD)) {
            return DEFAULT;
        }
        Map<Part, Boolean> pinned = new EnumMap<>(Part.class);
        for (String item : text.split(",", -1)) {
            String[] pair = item.strip().split("=", 2);
            Part part = part(text, pair[0]);
            String way = pair.length == 2 ? pair[1] : "";
            if (!way.equals(part.word(true)) && !way.equals(part.word(false))) {
                throw new IllegalArgumentException("'%s' is no way of %s: there are %s and %s"
                        .formatted(way, part.label(), part.word(true), part.word(false)));
            }
            if (pinned.put(part, way.equals(part.word(true))) != null) {
                throw new IllegalArgumentException("'%s' has %s twice".formatted(text, part.label()));
            }
        }
        return new CpuPathChoice(false, pinned);
    }

    private static Part part(String text, String label) {
        return Arrays.stream(Part.values())
                .filter(part -> part.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is neither auto nor default nor a list of parts, as in linear=mkl,attention=fused; parts are %s"
                                .formatted(
                                        text,
                                        Arrays.stream(Part.values())
                                                .map(Part::label)
                                                .collect(Collectors.joining(", ")))));
    }

    /**
     * Chooses for a model. What was timed before on such a machine is taken from the cache directory; where nothing was, this
     * takes about a second, and the memory of a layer.
     *
     * @param sizes of the model
     * @param dtype that it computes in
     * @throws IllegalArgumentException when what is pinned is not exact here
     * @throws KernelException when the engine does not load
     */
    public ChosenPaths choose(ProbeSizes sizes, DType dtype) {
        if (!timed) {
            return new ChosenPaths(untimed(), Map.of());
        }
        try {
            return CpuPathCache.ofThisProcess()
                    .choose(CpuPathCache.Key.here(sizes, dtype), known -> time(known, sizes, dtype));
        } catch (KernelException | OutOfMemoryException e) {
            LOG.warnf("the CPU's ways cannot be timed, and are the default's: %s", e.getMessage());
            return new ChosenPaths(untimed(), Map.of());
        }
    }

    private static Map<Part, PairedTimes> time(Map<Part, PairedTimes> known, ProbeSizes sizes, DType dtype) {
        try (var probes = new PathProbes(sizes, dtype, Kernels.threads())) {
            return probes.compare(known, IntegerProducts.areOfUse(), new PairTimer(BUDGET)::compare);
        } finally {
            NativeHeap.trim();
        }
    }

    /** What is taken without timing: the pinned ways, and the default's. */
    CpuPaths untimed() {
        requireUsable();
        CpuPaths paths = CpuPaths.DEFAULT;
        if (!pinned.containsKey(Part.INT8)) {
            paths = paths.with(Part.INT8, IntegerProducts.areOfUse());
        }
        for (Map.Entry<Part, Boolean> part : pinned.entrySet()) {
            paths = paths.with(part.getKey(), part.getValue());
        }
        return paths;
    }

    /** @throws IllegalArgumentException when what is pinned is not exact here */
    public void requireUsable() {
        if (pinned.getOrDefault(Part.INT8, false) && !IntegerProducts.areExact()) {
            throw new IllegalArgumentException("int8=integers is not exact on this CPU; int8=floats is");
        }
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        if (pinned.isEmpty()) {
            return timed ? AUTO_WORD : DEFAULT_WORD;
        }
        return new EnumMap<>(pinned)
                .entrySet().stream()
                        .map(part -> part.getKey().label() + "=" + part.getKey().word(part.getValue()))
                        .collect(Collectors.joining(","));
    }
}
