package io.text2video.common.model;

import java.util.List;
import java.util.Optional;

/** The training timesteps that a call's steps start from. */
public final class Timesteps {
    private Timesteps() {}

    /** What is wrong with a call. */
    public record Fault(String field, String reason) {}

    /**
     * Whether timesteps fall from each to the next, and are as many as the steps.
     *
     * @param timesteps the noisiest first; null or empty for none
     * @param numInferenceSteps null where nothing is said
     */
    public static Optional<Fault> fault(List<Integer> timesteps, Integer numInferenceSteps) {
        if (timesteps == null || timesteps.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 1; i < timesteps.size(); i++) {
            if (timesteps.get(i) >= timesteps.get(i - 1)) {
                return Optional.of(new Fault(
                        "timesteps",
                        "must fall strictly, but %d follows %d".formatted(timesteps.get(i), timesteps.get(i - 1))));
            }
        }
        if (numInferenceSteps != null && numInferenceSteps != timesteps.size()) {
            return Optional.of(new Fault(
                    "num_inference_steps",
                    "must be left out beside timesteps, or be as many, %d, not %d"
                            .formatted(timesteps.size(), numInferenceSteps)));
        }
        return Optional.empty();
    }
}
