package io.text2video.worker.plan;

import io.text2video.worker.plan.MemoryPlan.Way;
import java.util.Set;

/** Whose memory is planned: how much there is, what a generation holds of it, and by what means it holds less. */
public sealed interface Machine permits Host, GpuMachine {
    /** How much a generation may take. */
    MemoryBudget budget();

    /** The ways to save that there are here. */
    Set<Saving> savings();

    /** Whether the next job's prompts are encoded while a generation runs that has room for it. */
    boolean encodesAhead();

    /** What a generation takes that runs in one way. */
    Way way(PlannedModel model, PlannedVideo video, Rung rung);
}
