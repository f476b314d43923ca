package io.text2video.gateway.api.access;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Has the OpenAPI document say of every operation that it may be refused to who asks, or to who asks too often. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class AccessAnswers implements OASFilter {
    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.getPaths().getPathItems().values().stream()
                .flatMap(path -> path.getOperations().values().stream())
                .forEach(operation -> add(operation.getResponses()));
    }

    private static void add(APIResponses responses) {
        responses.addAPIResponse("401", OASFactory.createAPIResponse().ref("Error"));
        responses.addAPIResponse("403", OASFactory.createAPIResponse().ref("Error"));
        responses.addAPIResponse("429", OASFactory.createAPIResponse().ref("Unavailable"));
    }
}
