package io.text2video.gateway.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** All models. */
@Schema(description = "All models")
record ModelList(@Schema(description = "Always \"list\"", examples = "list") String object, List<Model> data) {}
