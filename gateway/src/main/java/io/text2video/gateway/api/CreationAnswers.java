package io.text2video.gateway.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.text2video.gateway.api.creation.IdempotencyKey;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Has the OpenAPI document say once what all operations that make jobs have: headers that they take, and what they answer. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class CreationAnswers implements OASFilter {
    private static final Set<String> MAKE_JOBS = Set.of("createVideo", "remixVideo", "editVideo", "extendVideo");
    private static final int LONGEST_KEY = 255;

    @Override
    public Operation filterOperation(Operation operation) {
        if (MAKE_JOBS.contains(operation.getOperationId())) {
            operation.addParameter(header(
                    IdempotencyKey.HEADER,
                    IdempotencyKey.DESCRIPTION,
                    text().minLength(1).maxLength(LONGEST_KEY)));
            operation.addParameter(
                    header(PreferredWait.HEADER, PreferredWait.DESCRIPTION + PreferredWait.SMALL_BODIES, text())
                            .example("wait=30"));
            addTo(operation.getResponses());
        }
        return operation;
    }

    private static void addTo(APIResponses responses) {
        responses
                .getAPIResponse("202")
                .description("Accepted")
                .addHeader(VideoAnswers.REPLAYED, answered(VideoAnswers.REPLAYED_DESCRIPTION))
                .addHeader(PreferredWait.APPLIED, answered(PreferredWait.APPLIED_DESCRIPTION));
        for (String refusal : List.of("400", "408", "409", "413", "415", "422")) {
            responses.addAPIResponse(refusal, OASFactory.createAPIResponse().ref("Error"));
        }
        responses.addAPIResponse("503", OASFactory.createAPIResponse().ref("Unavailable"));
    }

    private static Parameter header(String name, String description, Schema schema) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.HEADER)
                .description(description)
                .schema(schema);
    }

    private static Header answered(String description) {
        return OASFactory.createHeader().description(description).schema(text());
    }

    private static Schema text() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }
}
