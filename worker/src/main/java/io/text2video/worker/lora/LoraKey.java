package io.text2video.worker.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tensor's name in a LoRA file means. The spellings of all trainers are understood here and nowhere else:
 *
 * <table>
 * <caption>Spellings</caption>
 * <tr><th>written by</th><th>name</th></tr>
 * <tr><td>diffusers, finetrainers</td><td>{@code transformer.LAYER.lora_A.weight}, {@code …lora_B.weight}</td></tr>
 * <tr><td>PEFT</td><td>{@code base_model.model.LAYER.lora_A.weight}</td></tr>
 * <tr><td>PEFT's live names, DiffSynth</td><td>{@code LAYER.lora_A.default.weight}</td></tr>
 * <tr><td>ComfyUI</td><td>{@code diffusion_model.LAYER.lora_A.weight}</td></tr>
 * <tr><td>DiffSynth's pipelines</td><td>{@code pipe.dit.LAYER.lora_A.weight}</td></tr>
 * <tr><td>modules in wrappers, as training leaves them</td>
 * <td>{@code module.}, {@code model.} or {@code net.} before any of these; {@code _orig_mod.} and its like anywhere</td></tr>
 * <tr><td>diffusers before PEFT</td><td>{@code transformer.LAYER.lora.down.weight}, {@code …lora.up.weight}</td></tr>
 * <tr><td>the same, elder</td><td>{@code transformer.LAYER.lora_linear_layer.down.weight}</td></tr>
 * <tr><td>the same, eldest</td><td>{@code ….attn1.processor.to_q_lora.down.weight}</td></tr>
 * <tr><td>kohya</td><td>{@code lora_unet_LAYER_WITH_UNDERSCORES.lora_down.weight}, {@code lora_transformer_…}</td></tr>
 * <tr><td>VideoX-Fun</td><td>{@code lora_unet__LAYER_WITH_UNDERSCORES.lora_down.weight}</td></tr>
 * <tr><td>all of these</td><td>{@code LAYER.alpha}</td></tr>
 * <tr><td>SAT, CogVideo's own trainer</td>
 * <td>{@code model.diffusion_model.transformer.layers.N.attention.query_key_value.matrix_A.0}, with 0 to 2 for q, k, v;
 * {@code ….attention.dense.matrix_A.0}</td></tr>
 * </table>
 *
 * @param layer the network's name of the layer; with underscores for dots where the file has them, as it cannot be known
 *     from the name alone which ones were dots
 */
record LoraKey(String layer, Role role) {
    enum Role {
        DOWN,
        UP,
        ALPHA,
        /** The magnitudes of a DoRA. */
        DORA
    }

    private record Ending(Role role, Pattern pattern) {}

    private static final List<Ending> ENDINGS = List.of(
            ending(
                    Role.DOWN,
                    "(?:\\.lora_A(?:\\.[^.]+)?|[._]lora_down|[._]lora\\.down|\\.lora_linear_layer\\.down)\\.weight"),
            ending(Role.UP, "(?:\\.lora_B(?:\\.[^.]+)?|[._]lora_up|[._]lora\\.up|\\.lora_linear_layer\\.up)\\.weight"),
            ending(Role.ALPHA, "\\.alpha"),
            ending(Role.DORA, "\\.(?:dora_scale|lora_magnitude_vector)(?:\\.[^.]+){0,2}"));

    /** None of CogVideoX's own layers begins like one of these. */
    private static final List<String> PREFIXES =
            List.of("base_model.", "model.", "diffusion_model.", "transformer.", "module.", "net.", "pipe.", "dit.");

    /** What torch.compile, activation checkpointing and FSDP put between a module and its parent. */
    private static final Pattern WRAPPERS =
            Pattern.compile("(?<=^|\\.)(?:_orig_mod|_checkpoint_wrapped_module|_fsdp_wrapped_module)\\.");

    private static final Pattern UNDERSCORED = Pattern.compile("lora_(?:unet|transformer)_+(.+)");

    private static final Pattern TEXT_ENCODER = Pattern.compile("(?:text_encoder|lora_te)[0-9._].*");

    private static final Pattern SAT =
            Pattern.compile("layers\\.(\\d+)\\.attention\\.(query_key_value|dense)\\.matrix_([AB])\\.(\\d)");

    /** The parts of SAT's fused projection. */
    private static final List<String> SAT_PROJECTIONS = List.of("to_q", "to_k", "to_v");

    /** Whether the tensor is of a text encoder, whatever it is. */
    static boolean ofTextEncoder(String name) {
        return TEXT_ENCODER.matcher(withoutPrefixes(name)).matches();
    }

    /** Reads a name; empty where it is none of a LoRA. */
    static Optional<LoraKey> parse(String name) {
        String bare = withoutPrefixes(name);
        Matcher sat = SAT.matcher(bare);
        if (sat.matches()) {
            return ofSat(sat);
        }
        for (Ending ending : ENDINGS) {
            Matcher matcher = ending.pattern().matcher(bare);
            if (matcher.matches()) {
                return Optional.of(new LoraKey(layer(matcher.group(1)), ending.role()));
            }
        }
        return Optional.empty();
    }

    private static String withoutPrefixes(String name) {
        String bare = WRAPPERS.matcher(name).replaceAll("");
        boolean found = true;
        while (found) {
            found = false;
            for (String prefix : PREFIXES) {
                if (bare.startsWith(prefix)) {
                    bare = bare.substring(prefix.length());
                    found = true;
                }
            }
        }
        return bare;
    }

    private static String layer(String written) {
        Matcher underscored = UNDERSCORED.matcher(written);
        if (underscored.matches()) {
            return underscored.group(1);
        }
        String layer = written.replace(".processor.", ".");
        return layer.endsWith(".to_out") ? layer + ".0" : layer;
    }

    private static Optional<LoraKey> ofSat(Matcher sat) {
        int part = Integer.parseInt(sat.group(4));
        boolean dense = sat.group(2).equals("dense");
        if (part >= (dense ? 1 : SAT_PROJECTIONS.size())) {
            return Optional.empty();
        }
        String layer = "transformer_blocks.%s.attn1.%s"
                .formatted(sat.group(1), dense ? "to_out.0" : SAT_PROJECTIONS.get(part));
        return Optional.of(new LoraKey(layer, sat.group(3).equals("A") ? Role.DOWN : Role.UP));
    }

    private static Ending ending(Role role, String pattern) {
        return new Ending(role, Pattern.compile("(.+?)" + pattern));
    }
}
