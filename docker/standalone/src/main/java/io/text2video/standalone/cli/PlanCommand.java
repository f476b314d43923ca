package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.plan.GpuMachine;
import io.text2video.worker.plan.Machine;
import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.PlannedVideo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a video would be generated here and what memory that takes, without loading the model. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the memory that a video takes at each stage, and how it would be generated in it.",
            "Reads configs and headers only. The worker plans the same before each job.",
            "Says too what a job may be, and with --gateway how long it takes."
        },
        footer = {
            "",
            "Examples:",
            "  text2video plan --model models/cogvideox-tiny",
            "  text2video plan --model CogVideoX-2b --frames 17 --memory 14GiB --json",
            "  text2video plan --model CogVideoX-5b --device cuda --gpu-memory 12GB",
            "  text2video plan --gateway http://localhost:8080 --frames 33"
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    GenerationOptions.Cost cost = new GenerationOptions.Cost();

    @Option(
            names = "--gpu-memory",
            paramLabel = "SIZE",
            converter = PipelineFlags.MemorySizeConverter.class,
            description = "With --device cuda: of a GPU with so much memory, as 16GiB, which need not be here.")
    MemorySize gpuMemory;

    @Mixin
    SharedOptions.Json json = new SharedOptions.Json();

    @Mixin
    LimitsLookup limits = new LimitsLookup();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelLocation location = model.location();
        PipelineOptions options = model.pipeline.plannedOptions();
        CheckpointFiles files = CheckpointFiles.open(location.directory());
        ModelDescription description = ModelDescription.check(files, options);
        ModelDefaults defaults = description.defaults();
        int frames = Optional.ofNullable(cost.size.frames).orElse(defaults.numFrames());
        PlannedVideo video = new PlannedVideo(
                Optional.ofNullable(cost.size.height).orElse(defaults.height()),
                Optional.ofNullable(cost.size.width).orElse(defaults.width()),
                frames,
                Optional.ofNullable(cost.guidanceScale).orElse(defaults.guidanceScale()) > 1,
                description.limits().encodedFrames(frames),
                cost.cacheThreshold() > 0,
                0);
        description.limits().check(video.height(), video.width(), video.numFrames(), defaults.numInferenceSteps());
        MemoryPlan plan = options.planner(files, machine(options)).plan(video);
        GenerationSize asked = new GenerationSize(
                video.height(),
                video.width(),
                video.numFrames(),
                defaults.numInferenceSteps(),
                Optional.ofNullable(cost.guidanceScale).orElse(defaults.guidanceScale()));
        Optional<LimitsLookup.Known> known = limits(location);
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted) {
            ObjectNode all = SharedOptions.Json.tree(plan);
            known.ifPresent(job -> all.set("job", job.json(asked)));
            SharedOptions.Json.print(all, out);
        } else {
            new PlanPage(location.id(), plan).print(out);
            known.ifPresent(
                    job -> job.lines(asked).forEach(line -> out.printf("  %-9s %s%n", line.getKey(), line.getValue())));
        }
        out.flush();
        return 0;
    }

    /** Of another machine's GPU nobody here can tell. */
    private Optional<LimitsLookup.Known> limits(ModelLocation location) throws IOException, InterruptedException {
        boolean elsewhere = gpuMemory != null
                || !model.pipeline.plannedOptions().device().gpus().isEmpty();
        return limits.gateway.url == null && elsewhere
                ? Optional.empty()
                : Optional.of(limits.of(location, model.pipeline.settings()));
    }

    /** @throws ParameterException when there is no GPU whose memory could be planned */
    private Machine machine(PipelineOptions options) {
        DeviceChoice device = options.device();
        if (gpuMemory != null) {
            if (!device.first().isCuda()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--gpu-memory is of a GPU, and this is a plan for a CPU; add --device cuda");
            }
            return GpuMachine.limited(gpuMemory, "--gpu-memory");
        }
        if (device.first().isCuda()
                && device.gpus().isEmpty()
                && options.memory().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is not here; say how much memory a GPU has, as in --gpu-memory 16GiB"
                            .formatted(device.first()));
        }
        return options.machine();
    }
}
