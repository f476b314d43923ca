// Package definitions names what go.mod pins: the types of Prometheus's operator, from which controller-gen makes the definitions of
// its resources, as the operator's own build does.
package definitions

import _ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
