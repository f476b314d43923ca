package io.text2video.process;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells in one line why a command failed. */
public final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        command.getErr().println("text2video: " + SingleLine.of(failure.getMessage()));
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
