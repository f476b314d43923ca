package io.text2video.worker.quantization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which scheme each component of a checkpoint is quantized by. */
public record Quantization(Scheme textEncoder, Scheme transformer, Scheme vae) {
    public static final Quantization NONE = new Quantization(Scheme.NONE, Scheme.NONE, Scheme.NONE);

    /**
     * Reads {@code transformer=int8,text_encoder=int8wo}, or one scheme for text encoder and transformer: {@code int8}.
     *
     * @throws IllegalArgumentException naming what is not understood and what there is
     */
    public static Quantization of(String text) {
        Map<Component, Scheme> schemes = new EnumMap<>(Component.class);
        String trimmed = text.strip();
        if (!trimmed.contains("=")) {
            Scheme both = scheme(trimmed, text);
            return new Quantization(both, both, Scheme.NONE);
        }
        for (String part : trimmed.split(",", -1)) {
            String[] pair = part.split("=", 2);
            Component component = component(pair[0].strip(), text);
            if (pair.length < 2 || schemes.put(component, scheme(pair[1].strip(), text)) != null) {
                throw new IllegalArgumentException(
                        "the quantization \"%s\" %s %s; write COMPONENT=SCHEME,… with each once"
                                .formatted(
                                        text,
                                        pair.length < 2 ? "gives no scheme for" : "names twice",
                                        component.label()));
            }
        }
        return new Quantization(
                schemes.getOrDefault(Component.TEXT_ENCODER, Scheme.NONE),
                schemes.getOrDefault(Component.TRANSFORMER, Scheme.NONE),
                schemes.getOrDefault(Component.VAE, Scheme.NONE));
    }

    /** Of one component. */
    public Scheme scheme(Component component) {
        return switch (component) {
            case TEXT_ENCODER -> textEncoder;
            case TRANSFORMER -> transformer;
            case VAE -> vae;
        };
    }

    /** What {@link #of} reads: the components that are quantized, or {@code none}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add(parts, Component.TRANSFORMER, transformer);
        add(parts, Component.TEXT_ENCODER, textEncoder);
        add(parts, Component.VAE, vae);
        return parts.isEmpty() ? Scheme.NONE.label() : String.join(",", parts);
    }

    private static void add(List<String> parts, Component component, Scheme scheme) {
        if (scheme != Scheme.NONE) {
            parts.add(component.label() + "=" + scheme);
        }
    }

    private static Component component(String label, String text) {
        return Component.ofLabel(label)
                .orElseThrow(() ->
                        new IllegalArgumentException("the quantization \"%s\" names the component \"%s\"; there are %s"
                                .formatted(text, label, labels(Component.values(), Component::label))));
    }

    private static Scheme scheme(String label, String text) {
        return Scheme.ofLabel(label)
                .orElseThrow(() ->
                        new IllegalArgumentException("the quantization \"%s\" names the scheme \"%s\"; there are %s"
                                .formatted(text, label, labels(Scheme.values(), Scheme::label))));
    }

    private static <T> String labels(T[] values, Function<T, String> label) {
        return Arrays.stream(values).map(label).collect(Collectors.joining(", "));
    }
}
