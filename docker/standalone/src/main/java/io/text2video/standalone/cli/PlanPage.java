package io.text2video.standalone.cli;

import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.plan.StageMemory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** A plan for people: at most 100 columns. */
final class PlanPage {
    private static final String ROW = "  %-8s %14s %14s %14s %14s %14s%n";
    private static final String ON_GPU = "  %-8s %14s %14s %14s %14s%n";

    private final String model;
    private final MemoryPlan plan;

    PlanPage(String model, MemoryPlan plan) {
        this.model = model;
        this.plan = plan;
    }

    void print(PrintWriter out) {
        Way way = plan.way();
        out.printf(
                Locale.ROOT,
                "%s: %dx%d, %d frames%s%n%n",
                model,
                plan.video().width(),
                plan.video().height(),
                plan.video().numFrames(),
                plan.video().guided() ? "" : ", without guidance");
        if (way.onGpu()) {
            out.printf("On the GPU%n");
            out.printf(ON_GPU, "stage", "context", "weights", "working", "taken");
            for (StageMemory stage : way.stages()) {
                out.printf(
                        ON_GPU,
                        stage.stage().label(),
                        MemorySize.text(stage.process()),
                        MemorySize.text(stage.weights()),
                        MemorySize.text(stage.working()),
                        MemorySize.text(stage.total()));
            }
            out.printf("%nOn the host beside it%n");
            table(out, way.host());
            out.printf(
                    "%n  peak      %s of the GPU, to %s; the context is assumed, not yet measured%n",
                    MemorySize.text(way.peak()), way.fullest().stage().label());
        } else {
            table(out, way.stages());
            out.printf(
                    "%n  peak      %s, to %s; of it the system can take back mapped weights%n",
                    MemorySize.text(way.peak()), way.fullest().stage().label());
        }
        out.printf("  runs      %s%n", way.rung());
        for (Saving saving : way.rung().savings()) {
            out.printf("            %s: %s%n", saving.label(), saving.price());
        }
        out.printf("  why       %s%n", plan.reason());
        out.printf(
                "  next down %s%n",
                plan.next()
                        .map(next -> "%s: %s".formatted(next.rung(), MemorySize.text(next.peak())))
                        .orElse("nothing takes less"));
    }

    private static void table(PrintWriter out, List<StageMemory> stages) {
        out.printf(ROW, "stage", "process", "mapped", "weights", "working", "resident");
        for (StageMemory stage : stages) {
            out.printf(
                    ROW,
                    stage.stage().label(),
                    MemorySize.text(stage.process()),
                    MemorySize.text(stage.mapped()),
                    MemorySize.text(stage.weights()),
                    MemorySize.text(stage.working()),
                    MemorySize.text(stage.total()));
        }
    }
}
