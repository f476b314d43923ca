package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantizer.CheckpointQuantizer;
import io.text2video.worker.quantizer.QuantizedPart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From a checkpoint of floats to one of a byte a weight. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a checkpoint again with its large weights in a byte each, and prints its directory.",
            "What loads from it is what --quantization makes of the floats, but it is mapped, not computed."
        },
        footer = {
            "",
            "Examples:",
            "  text2video quantize models/cogvideox-tiny tiny-int8",
            "  text2video quantize zai-org/CogVideoX-2b CogVideoX-2b-int8 --quantization int8wo",
            "  text2video generate \"a panda\" --model CogVideoX-2b-int8"
        })
final class QuantizeCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A checkpoint's directory, or ORG/NAME[@REVISION] of the hub, downloaded before.")
    String model;

    @Parameters(index = "1", paramLabel = "OUT", description = "The directory to write, which must not exist.")
    Path out;

    @Option(
            names = "--quantization",
            paramLabel = "SCHEMES",
            defaultValue = "int8",
            converter = PipelineFlags.QuantizationConverter.class,
            description = "int8, int8wo or fp8 for text encoder and transformer, or per component, as in"
                    + " transformer=int8,text_encoder=int8wo,vae=int8wo. Default: ${DEFAULT-VALUE}.")
    Quantization quantization;

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<QuantizedPart> parts;
        Path directory = Text2VideoCommand.model(model).directory();
        try (var bar = ProgressDisplay.ofBytes("quantize")) {
            parts = new CheckpointQuantizer(directory, quantization).write(out, bar::show);
        }
        PrintWriter print = spec.commandLine().getOut();
        if (json.wanted) {
            printJson(print, parts);
        } else {
            for (QuantizedPart part : parts) {
                ProgressDisplay.note(String.format(
                        Locale.ROOT,
                        "%s: %d layers as %s, %.1f -> %.1f MiB",
                        part.component().label(),
                        part.layers(),
                        part.scheme(),
                        part.bytesBefore() / MIB,
                        part.bytesAfter() / MIB));
            }
            print.println(out);
        }
        print.flush();
        return 0;
    }

    private void printJson(PrintWriter print, List<QuantizedPart> parts) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("directory", out.toString());
        ArrayNode components = object.putArray("components");
        for (QuantizedPart part : parts) {
            components
                    .addObject()
                    .put("name", part.component().label())
                    .put("quantization", part.scheme().label())
                    .put("layers", part.layers())
                    .put("bytes_before", part.bytesBefore())
                    .put("bytes_after", part.bytesAfter());
        }
        SharedOptions.Json.print(object, print);
    }
}
