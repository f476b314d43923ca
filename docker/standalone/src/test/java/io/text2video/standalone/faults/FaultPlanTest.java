package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    @Test
    void shouldDrawTheSameFaultsFromTheSameSeed() {
        assertThat(FaultPlan.draw(7, 50)).isEqualTo(FaultPlan.draw(7, 50));
        assertThat(FaultPlan.draw(7, 50).faults())
                .isNotEqualTo(FaultPlan.draw(8, 50).faults());
    }

    @Test
    void shouldKillAsOftenAsAskedAndDoEverythingElseInBetween() {
        FaultPlan plan = FaultPlan.draw(1, 200);

        assertThat(plan.faults()).filteredOn(fault -> fault.kind().isKill()).hasSize(200);
        assertThat(plan.faults().stream().map(FaultPlan.PlannedFault::kind).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(FaultKind.class));
    }

    @Test
    void shouldFreezeForLongerThanTheLock() {
        assertThat(FaultPlan.draw(1, 200).faults())
                .filteredOn(fault -> fault.kind() == FaultKind.FREEZE_WORKER)
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.length()).isGreaterThan(Fleet.RECORD_LOCK));
    }
}
