{{- define "klamm-operator.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "klamm-operator.account" -}}
{{- default (include "klamm-operator.name" .) .Values.serviceAccount.name -}}
{{- end }}

{{- define "klamm-operator.selector" -}}
app.kubernetes.io/name: klamm-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "klamm-operator.labels" -}}
{{ include "klamm-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* What it may see of the cluster that belongs to no namespace: whether the machine of a volume is gone. */}}
{{- define "klamm-operator.clusterRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list]
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get]
{{- end }}

{{/* What the operator may do with the resources of a namespace, and no more. */}}
{{- define "klamm-operator.rules" -}}
- apiGroups: [klamm.dev]
  resources: [kafkaclusters, kafkatopics]
  verbs: [get, list, watch, patch]
- apiGroups: [klamm.dev]
  resources: [kafkaclusters/status, kafkatopics/status]
  verbs: [patch]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [list, watch, create, patch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, patch]
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [create, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, delete]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [list, watch, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, create, patch, delete]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
