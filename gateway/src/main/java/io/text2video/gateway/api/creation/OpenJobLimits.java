package io.text2video.gateway.api.creation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Singleton;

/** How many jobs may wait and run. As this gateway knows them: some that others have just accepted may be missing. */
@Singleton
class OpenJobLimits {
    /** The fleet's bounds. */
    @ConfigMapping(prefix = "limits")
    interface OpenJobLimitsConfig {
        /** Of one tenant. */
        @WithDefault("50000")
        int openJobsPerTenant();

        /** Of all tenants: gateways hold each in memory. */
        @WithDefault("200000")
        int openJobs();
    }

    private final JobView view;
    private final OpenJobLimitsConfig limits;

    OpenJobLimits(JobView view, OpenJobLimitsConfig limits) {
        this.view = view;
        this.limits = limits;
    }

    /**
     * For so many more of that tenant.
     *
     * @throws ApiException when there is no room
     */
    void requireRoom(Tenant tenant, int more) {
        if (view.countOpen(tenant) + more > limits.openJobsPerTenant()) {
            throw ApiException.of(
                    ApiErrorCode.TOO_MANY_JOBS,
                    "%d jobs of yours wait or run, and at most %d may; ask for %d more when some have ended"
                            .formatted(view.countOpen(tenant), limits.openJobsPerTenant(), more));
        }
        if (view.countOpen() + more > limits.openJobs()) {
            throw ApiException.of(
                    ApiErrorCode.OVERLOADED,
                    "%d jobs wait or run in this fleet, and at most %d may; ask again when some have ended"
                            .formatted(view.countOpen(), limits.openJobs()));
        }
    }
}
