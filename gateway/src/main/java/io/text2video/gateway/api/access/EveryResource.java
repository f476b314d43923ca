package io.text2video.gateway.api.access;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** A resource of the API is reached by those alone who were let in, however its path is spelled. */
@Singleton
class EveryResource {
    private final Callers callers;

    EveryResource(Callers callers) {
        this.callers = callers;
    }

    @ServerRequestFilter
    void requireCaller(UriInfo uri) {
        if (uri.getPath().startsWith("/v1")) {
            callers.current();
        }
    }
}
