// Loads Compose files as `docker compose config` does, for machines that have no Docker: schema, interpolation from the
// environment, references between services, volumes and networks. What is mounted of this repository must be there. Exits with 1
// and says why when they do not load.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithDefaultProfiles())
	if err == nil {
		var project *types.Project
		project, err = options.LoadProject(context.Background())
		if err == nil {
			err = mounted(project)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// mounted looks for the files of this repository that services are given. Compose would make directories of those that are not there.
func mounted(project *types.Project) error {
	root := filepath.Dir(project.WorkingDir) + string(filepath.Separator)
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type != types.VolumeTypeBind || !strings.HasPrefix(volume.Source, root) {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil {
				return fmt.Errorf("service %s mounts what is not there: %w", name, err)
			}
		}
	}
	return nil
}
