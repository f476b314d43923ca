package io.text2video.common.model;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;

/** That timesteps fall from each to the next, and that there are as many as steps, where both are said. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidTimesteps.Rule.class)
@interface ValidTimesteps {
    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** A timestep that is null is for the list's own constraints. */
    final class Rule implements ConstraintValidator<ValidTimesteps, VideoParameters> {
        @Override
        public boolean isValid(VideoParameters parameters, ConstraintValidatorContext context) {
            List<Integer> timesteps = parameters.timesteps();
            if (timesteps != null && timesteps.contains(null)) {
                return true;
            }
            Optional<Timesteps.Fault> fault = Timesteps.fault(timesteps, parameters.numInferenceSteps());
            fault.ifPresent(known -> {
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(known.reason())
                        .addPropertyNode(known.field())
                        .addConstraintViolation();
            });
            return fault.isEmpty();
        }
    }
}
