{{- define "zhongzhi.labels" -}}
app.kubernetes.io/name: zhongzhi
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "zhongzhi.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Who a pod runs as: nobody in particular, on a file system that cannot be written. */}}
{{- define "zhongzhi.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "zhongzhi.container" -}}
image: {{ include "zhongzhi.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* Nothing that matters lies in a pod: files are in the bucket, seals of the trail go to syslog or the log of anchors. */}}
{{- define "zhongzhi.volumes" -}}
volumes:
  - name: data
    emptyDir: {sizeLimit: 2Gi}
  - name: tmp
    emptyDir: {sizeLimit: 2Gi}
{{- end }}

{{/* `address` is the key of the database's Secret: `pooled` for web, `uri` for everything else. */}}
{{- define "zhongzhi.env" -}}
env:
  - name: DATABASE_URL
    valueFrom: {secretKeyRef: {name: {{ .database }}, key: {{ .address }}}}
  {{- if eq .address "pooled" }}
  - name: DATABASE_REPLICA_URL
    valueFrom: {secretKeyRef: {name: {{ .database }}, key: replica}}
  - {name: DATABASE_POOLED, value: "1"}
  {{- end }}
  - {name: DATABASE_PROGRAM_ROLE, value: zhongzhi}
  {{- range $name := list "SECRET_KEY" "FIELD_KEYS" "HASH_KEY" "SIGNING_KEYS" "METRICS_TOKEN" "VALKEY_PASSWORD" "FILES_ACCESS_KEY" "FILES_SECRET_KEY" }}
  - name: {{ $name }}
    valueFrom: {secretKeyRef: {name: {{ $.root.Values.secret }}, key: {{ $name }}}}
  {{- end }}
  - {name: REDIS_URL, value: "redis://:$(VALKEY_PASSWORD)@{{ .root.Release.Name }}-valkey:6379/0"}
  - {name: ALLOWED_HOSTS, value: {{ .root.Values.host | quote }}}
  - {name: CSRF_TRUSTED_ORIGINS, value: "https://{{ .root.Values.host }}"}
  - {name: HTTPS, value: "1"}
  - {name: BEHIND_PROXY, value: "1"}
  - {name: FILES_BUCKET, value: {{ .root.Values.files.bucket | quote }}}
  - {name: FILES_ENDPOINT, value: {{ .root.Values.files.endpoint | quote }}}
  - {name: FILES_REGION, value: {{ .root.Values.files.region | quote }}}
  {{- range $name, $value := .root.Values.settings }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
{{- end }}
