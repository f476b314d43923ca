package io.text2video.process;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells of wrong usage: first the usage, then what is wrong with this one, where a reader's eye is. */
public final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        command.usage(err, command.getColorScheme());
        err.println();
        err.println("text2video: " + SingleLine.of(failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
