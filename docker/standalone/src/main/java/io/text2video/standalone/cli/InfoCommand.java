package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.model.GenerationSize;
import io.text2video.worker.app.DeviceFlag;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.info.ModelInfo;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.UnfitComputeTypeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a model is and what it takes to run, without loading it. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what a model is, what it can be asked for, and the memory and time that a video takes.",
            "Reads configs and headers only, so it is quick for a checkpoint of any size."
        },
        footer = {
            "",
            "Examples:",
            "  text2video info models/cogvideox-tiny",
            "  text2video info CogVideoX-5b --height 480 --width 720 --frames 17 --json",
            "  text2video info models/cogvideox-tiny --gateway http://localhost:8080"
        })
final class InfoCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "A checkpoint's directory, or ORG/NAME[@REVISION] of the hub, downloaded before.")
    String model;

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Mixin
    GenerationOptions.Size size = new GenerationOptions.Size();

    @Mixin
    DeviceFlag device = new DeviceFlag();

    @Mixin
    LimitsLookup limits = new LimitsLookup();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelLocation location = Text2VideoCommand.model(model);
        ModelInfo info = ModelInfo.read(
                location.id(), location.directory(), new ModelInfo.Size(size.height, size.width, size.frames));
        DeviceChoice here = device.plan();
        Optional<ComputeType> type = computeType(location.directory(), here);
        GenerationSize asked = asked(info);
        Optional<LimitsLookup.Known> job = limits.ofAny(location);
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            ObjectNode all = SharedOptions.Json.tree(info);
            all.put("device", here.toString())
                    .put("compute_type", type.map(ComputeType::label).orElse(null));
            job.ifPresent(known -> all.set("job", known.json(asked)));
            SharedOptions.Json.print(all, out);
        } else {
            new InfoPage(info, here, type, job.map(known -> known.lines(asked)).orElse(List.of())).print(out);
        }
        out.flush();
        return 0;
    }

    private static GenerationSize asked(ModelInfo info) {
        return new GenerationSize(
                info.memory().height(),
                info.memory().width(),
                info.memory().numFrames(),
                info.generation().defaults().numInferenceSteps(),
                info.generation().defaults().guidanceScale());
    }

    /** What it would compute in by itself; empty where the device cannot. */
    private static Optional<ComputeType> computeType(Path model, DeviceChoice device) throws IOException {
        try {
            return Optional.of(PipelineOptions.DEFAULT.on(device).computeType(CheckpointFiles.open(model)));
        } catch (UnfitComputeTypeException e) {
            return Optional.empty();
        }
    }
}
