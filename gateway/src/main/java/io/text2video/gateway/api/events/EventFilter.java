package io.text2video.gateway.api.events;

import io.smallrye.mutiny.Uni;
import io.text2video.gateway.api.Lookup;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.jobs.JobView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a stream of events before it begins: then it is answered, and no other status can be. Made when it is first asked, as
 * the framework makes its filters before there is a configuration.
 */
@ApplicationScoped
class EventFilter {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Callers callers;
    private final Lookup lookup;
    private final JobView view;

    EventFilter(Callers callers, Lookup lookup, JobView view) {
        this.callers = callers;
        this.lookup = lookup;
        this.view = view;
    }

    /** What is known may be moments old, but not from before the gateway's start. */
    @ServerRequestFilter
    @EventResource.OfAll
    Uni<Response> awaitJobs(ContainerRequestContext request) {
        return view.isFilled() ? Uni.createFrom().nullItem() : view.upToDate().map(done -> null);
    }

    /** To an {@code EventSource}, 204 means not to come again. Any other end of a stream means to. */
    @ServerRequestFilter
    @EventResource.OfOne
    Uni<Response> check(ContainerRequestContext request) {
        String id = request.getUriInfo().getPathParameters().getFirst("id");
        String seen = request.getHeaderString(LAST_EVENT_ID);
        return lookup.byPath(callers.current(), id)
                .map(job -> JobEvent.of(job, view))
                .map(event -> event.isLast() && event.id().equals(seen)
                        ? Response.noContent().build()
                        : null);
    }
}
