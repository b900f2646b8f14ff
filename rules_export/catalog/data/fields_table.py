"""Fields of the engine and of the plugins. Written by scripts/falco_facts.py; do not edit."""

from __future__ import annotations

ENGINE = "0.63.0"

# (class, sources, fields), a line for each field: name, type, argument and its kinds, flags
CLASSES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "generic",
        ("aws_cloudtrail", "gcp_auditlog", "github", "k8s_audit", "okta", "syscall"),
        """evt.num UINT64 - -
evt.time CHARBUF - -
evt.time.s CHARBUF - -
evt.time.iso8601 CHARBUF - -
evt.datetime CHARBUF - -
evt.datetime.s CHARBUF - -
evt.rawtime ABSTIME - -
evt.rawtime.s ABSTIME - -
evt.rawtime.ns ABSTIME - -
evt.reltime RELTIME - -
evt.reltime.s RELTIME - -
evt.reltime.ns RELTIME - -
evt.pluginname CHARBUF - -
evt.plugininfo CHARBUF - -
evt.source CHARBUF - -
evt.is_async BOOL - -
evt.asynctype CHARBUF - -
evt.hostname CHARBUF - -""",
    ),
    (
        "evt",
        ("syscall",),
        """evt.latency RELTIME - D
evt.latency.s RELTIME - D
evt.latency.ns RELTIME - D
evt.latency.quantized UINT64 - DT
evt.latency.human CHARBUF - D
evt.deltatime RELTIME - -
evt.deltatime.s RELTIME - -
evt.deltatime.ns RELTIME - -
evt.outputtime CHARBUF - P
evt.dir CHARBUF - D
evt.type CHARBUF - -
evt.type.is UINT32 r -
syscall.type CHARBUF - -
evt.category CHARBUF - -
evt.cpu INT16 - -
evt.args CHARBUF - -
evt.arg CHARBUF r -
evt.rawarg DYNAMIC r RX
evt.info CHARBUF - -
evt.buffer BYTEBUF - -
evt.buflen UINT64 - -
evt.res CHARBUF - -
evt.rawres INT64 - -
evt.failed BOOL - -
evt.is_io BOOL - -
evt.is_io_read BOOL - -
evt.is_io_write BOOL - -
evt.io_dir CHARBUF - -
evt.is_wait BOOL - -
evt.wait_latency RELTIME - D
evt.is_syslog BOOL - -
evt.count UINT32 - -
evt.count.error UINT32 - -
evt.count.error.file UINT32 - -
evt.count.error.net UINT32 - -
evt.count.error.memory UINT32 - -
evt.count.error.other UINT32 - -
evt.count.exit UINT32 - -
evt.count.procinfo UINT32 - T
evt.count.threadinfo UINT32 - T
evt.around UINT64 r FRX
evt.abspath CHARBUF r -
evt.buflen.in UINT64 - T
evt.buflen.out UINT64 - T
evt.buflen.file UINT64 - T
evt.buflen.file.in UINT64 - T
evt.buflen.file.out UINT64 - T
evt.buflen.net UINT64 - T
evt.buflen.net.in UINT64 - T
evt.buflen.net.out UINT64 - T
evt.is_open_read BOOL - -
evt.is_open_write BOOL - -
evt.infra.docker.name CHARBUF - T
evt.infra.docker.container.id CHARBUF - T
evt.infra.docker.container.name CHARBUF - T
evt.infra.docker.container.image CHARBUF - T
evt.is_open_exec BOOL - -
evt.is_open_create BOOL - -""",
    ),
    (
        "process",
        ("syscall",),
        """proc.exe CHARBUF - -
proc.pexe CHARBUF - -
proc.aexe CHARBUF o RX
proc.exepath CHARBUF - -
proc.pexepath CHARBUF - -
proc.aexepath CHARBUF o RX
proc.name CHARBUF - -
proc.pname CHARBUF - -
proc.aname CHARBUF o RX
proc.args CHARBUF o -
proc.aargs CHARBUF o -
proc.cmdline CHARBUF - -
proc.pcmdline CHARBUF - -
proc.acmdline CHARBUF o RX
proc.cmdnargs UINT64 - -
proc.cmdlenargs UINT64 - -
proc.exeline CHARBUF - -
proc.env CHARBUF o -
proc.aenv CHARBUF o RX
proc.cwd CHARBUF - -
proc.loginshellid INT64 - -
proc.tty UINT32 - -
proc.pid INT64 - -
proc.ppid INT64 - -
proc.apid INT64 o RX
proc.vpid INT64 - -
proc.pvpid INT64 - -
proc.sid INT64 - -
proc.sname CHARBUF - -
proc.sid.exe CHARBUF - -
proc.sid.exepath CHARBUF - -
proc.vpgid INT64 - -
proc.vpgid.name CHARBUF - -
proc.vpgid.exe CHARBUF - -
proc.vpgid.exepath CHARBUF - -
proc.pgid INT64 - -
proc.pgid.name CHARBUF - -
proc.pgid.exe CHARBUF - -
proc.pgid.exepath CHARBUF - -
proc.duration RELTIME - -
proc.ppid.duration RELTIME - -
proc.pid.ts RELTIME - -
proc.ppid.ts RELTIME - -
proc.is_exe_writable BOOL - -
proc.is_exe_upper_layer BOOL - -
proc.is_exe_lower_layer BOOL - -
proc.is_exe_from_memfd BOOL - -
proc.is_sid_leader BOOL - -
proc.is_vpgid_leader BOOL - -
proc.is_pgid_leader BOOL - -
proc.exe_ino INT64 - -
proc.exe_ino.ctime ABSTIME - -
proc.exe_ino.mtime ABSTIME - -
proc.exe_ino.ctime_duration_proc_start ABSTIME - -
proc.exe_ino.ctime_duration_pidns_start ABSTIME - -
proc.pidns_init_start_ts UINT64 - -
thread.cap_permitted CHARBUF - -
thread.cap_inheritable CHARBUF - -
thread.cap_effective CHARBUF - -
proc.fdopencount UINT64 - -
proc.fdlimit INT64 - -
proc.fdusage DOUBLE - -
proc.vmsize UINT64 - -
proc.vmrss UINT64 - -
proc.vmswap UINT64 - -
thread.pfmajor UINT64 - -
thread.pfminor UINT64 - -
thread.tid INT64 - -
thread.ismain BOOL - -
thread.vtid INT64 - -
thread.nametid CHARBUF - T
thread.exectime RELTIME - -
thread.totexectime RELTIME - -
thread.cgroups CHARBUF - -
thread.cgroup CHARBUF r -
proc.nthreads UINT64 - -
proc.nchilds UINT64 - -
thread.cpu DOUBLE - -
thread.cpu.user DOUBLE - -
thread.cpu.system DOUBLE - -
thread.vmsize UINT64 - -
thread.vmrss UINT64 - -
thread.vmsize.b UINT64 - T
thread.vmrss.b UINT64 - T
proc.stdin.type CHARBUF - -
proc.stdout.type CHARBUF - -
proc.stderr.type CHARBUF - -
proc.stdin.name CHARBUF - -
proc.stdout.name CHARBUF - -
proc.stderr.name CHARBUF - -""",
    ),
    (
        "user",
        ("syscall",),
        """user.uid UINT32 - -
user.name CHARBUF - -
user.homedir CHARBUF - -
user.shell CHARBUF - -
user.loginuid INT64 - -
user.loginname CHARBUF - -""",
    ),
    (
        "group",
        ("syscall",),
        """group.gid UINT32 - -
group.name CHARBUF - -""",
    ),
    (
        "fd",
        ("syscall",),
        """fd.num INT64 - -
fd.type CHARBUF - -
fd.typechar CHARBUF - -
fd.name CHARBUF - -
fd.directory CHARBUF - -
fd.filename CHARBUF - -
fd.ip IPADDR - FRX
fd.cip IPADDR - -
fd.sip IPADDR - -
fd.lip IPADDR - -
fd.rip IPADDR - -
fd.port PORT - FRX
fd.cport PORT - -
fd.sport PORT - -
fd.lport PORT - -
fd.rport PORT - -
fd.l4proto CHARBUF - -
fd.sockfamily CHARBUF - -
fd.is_server BOOL - -
fd.uid CHARBUF - -
fd.containername CHARBUF - -
fd.containerdirectory CHARBUF - -
fd.proto PORT - FRX
fd.cproto CHARBUF - -
fd.sproto CHARBUF - -
fd.lproto CHARBUF - -
fd.rproto CHARBUF - -
fd.net IPNET - FRX
fd.cnet IPNET - FRX
fd.snet IPNET - FRX
fd.lnet IPNET - FRX
fd.rnet IPNET - FRX
fd.connected BOOL - -
fd.name_changed BOOL - -
fd.cip.name CHARBUF - RX
fd.sip.name CHARBUF - RX
fd.lip.name CHARBUF - RX
fd.rip.name CHARBUF - RX
fd.dev INT32 - -
fd.dev.major INT32 - -
fd.dev.minor INT32 - -
fd.ino INT64 - -
fd.nameraw CHARBUF - -
fd.types CHARBUF o LR
fd.is_upper_layer BOOL - -
fd.is_lower_layer BOOL - -""",
    ),
    (
        "fs.path",
        ("syscall",),
        """fs.path.name CHARBUF - -
fs.path.nameraw CHARBUF - -
fs.path.source CHARBUF - -
fs.path.sourceraw CHARBUF - -
fs.path.target CHARBUF - -
fs.path.targetraw CHARBUF - -""",
    ),
    (
        "util",
        ("syscall",),
        """util.cnt UINT64 - -""",
    ),
    (
        "fdlist",
        ("syscall",),
        """fdlist.nums CHARBUF - -
fdlist.names CHARBUF - -
fdlist.cips CHARBUF - -
fdlist.sips CHARBUF - -
fdlist.cports CHARBUF - -
fdlist.sports CHARBUF - -""",
    ),
    (
        "container",
        ("syscall",),
        """container.id CHARBUF - S
container.full_id CHARBUF - -
container.name CHARBUF - S
container.image CHARBUF - -
container.image.id CHARBUF - -
container.type CHARBUF - -
container.privileged BOOL - -
container.mounts CHARBUF - -
container.mount CHARBUF rik -
container.mount.source CHARBUF rik -
container.mount.dest CHARBUF rik -
container.mount.mode CHARBUF rik -
container.mount.rdwr CHARBUF rik -
container.mount.propagation CHARBUF rik -
container.image.repository CHARBUF - S
container.image.tag CHARBUF - S
container.image.digest CHARBUF - -
container.healthcheck CHARBUF - -
container.liveness_probe CHARBUF - -
container.readiness_probe CHARBUF - -
container.start_ts ABSTIME - -
container.duration RELTIME - -
container.ip CHARBUF - -
container.cni.json CHARBUF - -
container.host_pid BOOL - -
container.host_network BOOL - -
container.host_ipc BOOL - -
container.label CHARBUF rk -
container.labels CHARBUF - -
proc.is_container_healthcheck BOOL - -
proc.is_container_liveness_probe BOOL - -
proc.is_container_readiness_probe BOOL - -
k8s.pod.name CHARBUF - S
k8s.ns.name CHARBUF - S
k8s.pod.id CHARBUF - -
k8s.pod.uid CHARBUF - -
k8s.pod.sandbox_id CHARBUF - -
k8s.pod.full_sandbox_id CHARBUF - -
k8s.pod.label CHARBUF rk -
k8s.pod.labels CHARBUF - -
k8s.pod.ip CHARBUF - -
k8s.pod.cni.json CHARBUF - -
k8s.rc.name CHARBUF - -
k8s.rc.id CHARBUF - -
k8s.rc.label CHARBUF rk -
k8s.rc.labels CHARBUF - -
k8s.svc.name CHARBUF - -
k8s.svc.id CHARBUF - -
k8s.svc.label CHARBUF rk -
k8s.svc.labels CHARBUF - -
k8s.ns.id CHARBUF - -
k8s.ns.label CHARBUF rk -
k8s.ns.labels CHARBUF - -
k8s.rs.name CHARBUF - -
k8s.rs.id CHARBUF - -
k8s.rs.label CHARBUF rk -
k8s.rs.labels CHARBUF - -
k8s.deployment.name CHARBUF - -
k8s.deployment.id CHARBUF - -
k8s.deployment.label CHARBUF rk -
k8s.deployment.labels CHARBUF - -""",
    ),
    (
        "k8smeta",
        ("syscall",),
        """k8smeta.pod.name CHARBUF - S
k8smeta.pod.uid CHARBUF - -
k8smeta.pod.label CHARBUF rk -
k8smeta.pod.labels CHARBUF - L
k8smeta.pod.ip CHARBUF - -
k8smeta.ns.name CHARBUF - S
k8smeta.ns.uid CHARBUF - -
k8smeta.ns.label CHARBUF rk -
k8smeta.ns.labels CHARBUF - L
k8smeta.deployment.name CHARBUF - -
k8smeta.deployment.uid CHARBUF - -
k8smeta.deployment.label CHARBUF rk -
k8smeta.deployment.labels CHARBUF - L
k8smeta.svc.name CHARBUF - L
k8smeta.svc.uid CHARBUF - L
k8smeta.svc.label CHARBUF rk -
k8smeta.svc.labels CHARBUF - L
k8smeta.rs.name CHARBUF - -
k8smeta.rs.uid CHARBUF - -
k8smeta.rs.label CHARBUF rk -
k8smeta.rs.labels CHARBUF - L
k8smeta.rc.name CHARBUF - -
k8smeta.rc.uid CHARBUF - -
k8smeta.rc.label CHARBUF rk -
k8smeta.rc.labels CHARBUF - L""",
    ),
    (
        "k8saudit",
        ("k8s_audit",),
        """ka.auditid CHARBUF - -
ka.stage CHARBUF - -
ka.auth.decision CHARBUF - -
ka.auth.reason CHARBUF - -
ka.auth.openshift.decision CHARBUF - -
ka.validations.admission.policy.failure CHARBUF - -
ka.security.pod.violations CHARBUF - -
ka.auth.openshift.username CHARBUF - -
ka.user.name CHARBUF - -
ka.user.groups CHARBUF - L
ka.impuser.name CHARBUF - -
ka.verb CHARBUF - -
ka.uri CHARBUF - -
ka.uri.param CHARBUF rk -
ka.target.name CHARBUF - -
ka.target.namespace CHARBUF - -
ka.target.resource CHARBUF - -
ka.target.subresource CHARBUF - -
ka.target.pod.name CHARBUF - -
ka.req.binding.subjects CHARBUF - L
ka.req.binding.subjects.user_names CHARBUF - L
ka.req.binding.subjects.serviceaccount_names CHARBUF - L
ka.req.binding.subjects.serviceaccount_ns_names CHARBUF - L
ka.req.binding.subjects.group_names CHARBUF - L
ka.req.binding.role CHARBUF - -
ka.req.binding.subject.has_name CHARBUF rk -
ka.req.configmap.name CHARBUF - -
ka.req.configmap.obj CHARBUF - -
ka.req.pod.containers.args CHARBUF oi L
ka.req.pod.containers.command CHARBUF oi L
ka.req.pod.containers.name CHARBUF oi L
ka.req.pod.containers.image CHARBUF oi L
ka.req.container.image CHARBUF - -
ka.req.pod.containers.image.repository CHARBUF oi L
ka.req.container.image.repository CHARBUF - -
ka.req.pod.host_ipc CHARBUF - -
ka.req.pod.host_network CHARBUF - -
ka.req.container.host_network CHARBUF - -
ka.req.pod.host_pid CHARBUF - -
ka.req.pod.containers.host_port CHARBUF oi L
ka.req.pod.containers.privileged CHARBUF oi L
ka.req.container.privileged CHARBUF - -
ka.req.pod.containers.allow_privilege_escalation CHARBUF oi L
ka.req.pod.containers.read_only_fs CHARBUF oi L
ka.req.pod.run_as_user CHARBUF - -
ka.req.pod.containers.run_as_user CHARBUF oi L
ka.req.pod.containers.eff_run_as_user CHARBUF oi L
ka.req.pod.run_as_group CHARBUF - -
ka.req.pod.containers.run_as_group CHARBUF oi L
ka.req.pod.containers.eff_run_as_group CHARBUF oi L
ka.req.pod.containers.proc_mount CHARBUF oi L
ka.req.role.rules CHARBUF - L
ka.req.role.rules.apiGroups CHARBUF oi L
ka.req.role.rules.nonResourceURLs CHARBUF oi L
ka.req.role.rules.verbs CHARBUF oi L
ka.req.role.rules.resources CHARBUF oi L
ka.req.pod.fs_group CHARBUF - -
ka.req.pod.supplemental_groups CHARBUF - L
ka.req.pod.containers.add_capabilities CHARBUF oi L
ka.req.service.type CHARBUF - -
ka.req.service.ports CHARBUF oi L
ka.req.pod.volumes.hostpath CHARBUF oi L
ka.req.volume.hostpath CHARBUF rk -
ka.req.pod.volumes.flexvolume_driver CHARBUF oi L
ka.req.pod.volumes.volume_type CHARBUF oi L
ka.resp.name CHARBUF - -
ka.response.code CHARBUF - -
ka.response.reason CHARBUF - -
ka.useragent CHARBUF - -
ka.sourceips CHARBUF oi L
ka.cluster.name CHARBUF - -
ka.req.pod.initContainers.name CHARBUF oi L
ka.req.pod.initContainers.image CHARBUF oi L
ka.req.pod.initContainers.image.repository CHARBUF oi L
ka.req.pod.initContainers.command CHARBUF oi L
ka.req.pod.initContainers.args CHARBUF oi L
ka.req.pod.initContainers.privileged CHARBUF oi L
ka.req.pod.initContainers.allow_privilege_escalation CHARBUF oi L
ka.req.pod.initContainers.read_only_fs CHARBUF oi L
ka.req.pod.initContainers.run_as_user CHARBUF oi L
ka.req.pod.initContainers.eff_run_as_user CHARBUF oi L
ka.req.pod.initContainers.run_as_group CHARBUF oi L
ka.req.pod.initContainers.eff_run_as_group CHARBUF oi L
ka.req.pod.initContainers.proc_mount CHARBUF oi L
ka.req.pod.initContainers.add_capabilities CHARBUF oi L
ka.req.pod.initContainers.host_port CHARBUF oi L
ka.req.pod.ephemeralContainers.name CHARBUF oi L
ka.req.pod.ephemeralContainers.image CHARBUF oi L
ka.req.pod.ephemeralContainers.image.repository CHARBUF oi L
ka.req.pod.ephemeralContainers.command CHARBUF oi L
ka.req.pod.ephemeralContainers.args CHARBUF oi L
ka.req.pod.ephemeralContainers.privileged CHARBUF oi L
ka.req.pod.ephemeralContainers.allow_privilege_escalation CHARBUF oi L
ka.req.pod.ephemeralContainers.read_only_fs CHARBUF oi L
ka.req.pod.ephemeralContainers.run_as_user CHARBUF oi L
ka.req.pod.ephemeralContainers.eff_run_as_user CHARBUF oi L
ka.req.pod.ephemeralContainers.run_as_group CHARBUF oi L
ka.req.pod.ephemeralContainers.eff_run_as_group CHARBUF oi L
ka.req.pod.ephemeralContainers.proc_mount CHARBUF oi L
ka.req.pod.ephemeralContainers.add_capabilities CHARBUF oi L""",
    ),
    (
        "json",
        ("aws_cloudtrail", "gcp_auditlog", "github", "k8s_audit", "okta", "syscall"),
        """json.value CHARBUF rk -
json.obj CHARBUF - -
json.rawtime CHARBUF - -
jevt.value CHARBUF rk -
jevt.obj CHARBUF - -
jevt.rawtime CHARBUF - -""",
    ),
    (
        "cloudtrail",
        ("aws_cloudtrail",),
        """ct.id CHARBUF - -
ct.error CHARBUF - -
ct.errormessage CHARBUF - -
ct.time CHARBUF - T
ct.src CHARBUF - -
ct.shortsrc CHARBUF - -
ct.name CHARBUF - -
ct.user CHARBUF - C
ct.originaluser CHARBUF - -
ct.user.accountid CHARBUF - -
ct.user.identitytype CHARBUF - -
ct.user.principalid CHARBUF - -
ct.user.arn CHARBUF - -
ct.region CHARBUF - -
ct.response.subnetid CHARBUF - -
ct.response.reservationid CHARBUF - -
ct.response CHARBUF - -
ct.request.availabilityzone CHARBUF - -
ct.request.cluster CHARBUF - -
ct.request.functionname CHARBUF - -
ct.request.groupname CHARBUF - -
ct.request.host CHARBUF - -
ct.request.name CHARBUF - -
ct.request.policy CHARBUF - -
ct.request.reason CHARBUF - -
ct.request.target CHARBUF - -
ct.request.documentname CHARBUF - -
ct.request.serialnumber CHARBUF - -
ct.request.servicename CHARBUF - -
ct.request.subnetid CHARBUF - -
ct.request.taskdefinition CHARBUF - -
ct.request.username CHARBUF - -
ct.request CHARBUF - -
ct.srcip CHARBUF - C
ct.useragent CHARBUF - -
ct.info CHARBUF - I
ct.managementevent CHARBUF - -
ct.readonly CHARBUF - -
ct.requestid CHARBUF - -
ct.eventtype CHARBUF - -
ct.apiversion CHARBUF - -
ct.resources CHARBUF - -
ct.recipientaccountid CHARBUF - -
ct.serviceeventdetails CHARBUF - -
ct.sharedeventid CHARBUF - -
ct.vpcendpointid CHARBUF - -
ct.eventcategory CHARBUF - -
ct.addendum.reason CHARBUF - -
ct.addendum.updatedfields CHARBUF - -
ct.addendum.originalrequestid CHARBUF - -
ct.addendum.originaleventid CHARBUF - -
ct.sessioncredentialfromconsole CHARBUF - -
ct.edgedevicedetails CHARBUF - -
ct.tlsdetails.tlsversion CHARBUF - -
ct.tlsdetails.ciphersuite CHARBUF - -
ct.tlsdetails.clientprovidedhostheader CHARBUF - -
ct.additionaleventdata CHARBUF - -
s3.uri CHARBUF - C
s3.bucket CHARBUF - C
s3.key CHARBUF - -
s3.bytes UINT64 - -
s3.bytes.in UINT64 - T
s3.bytes.out UINT64 - T
s3.cnt.get UINT64 - T
s3.cnt.put UINT64 - T
s3.cnt.other UINT64 - T
ec2.name CHARBUF - -
ec2.imageid CHARBUF - -
ec2.imageids CHARBUF oi L
ecr.repository CHARBUF - -
ecr.imagetag CHARBUF - -
iam.role CHARBUF - -
iam.policy CHARBUF - -""",
    ),
    (
        "okta",
        ("okta",),
        """okta.app CHARBUF - -
okta.behaviors CHARBUF - -
okta.org CHARBUF - -
okta.evt.type CHARBUF - -
okta.evt.legacytype CHARBUF - -
okta.severity CHARBUF - -
okta.message CHARBUF - -
okta.published CHARBUF - -
okta.logonlysecuritydata CHARBUF - -
okta.actor.id CHARBUF - -
okta.actor.Type CHARBUF - -
okta.actor.alternateid CHARBUF - -
okta.actor.name CHARBUF - -
okta.client.zone CHARBUF - -
okta.client.ip CHARBUF - -
okta.client.device CHARBUF - -
okta.client.id CHARBUF - -
okta.client.geo.city CHARBUF - -
okta.client.geo.state CHARBUF - -
okta.client.geo.country CHARBUF - -
okta.client.geo.postalcode CHARBUF - -
okta.client.geo.lat CHARBUF - -
okta.client.geo.lon CHARBUF - -
okta.useragent.os CHARBUF - -
okta.useragent.browser CHARBUF - -
okta.useragent.raw CHARBUF - -
okta.result CHARBUF - -
okta.reason CHARBUF - -
okta.transaction.id CHARBUF - -
okta.transaction.type CHARBUF - -
okta.requesturi CHARBUF - -
okta.principal.id CHARBUF - -
okta.principal.alternateid CHARBUF - -
okta.principal.type CHARBUF - -
okta.principal.name CHARBUF - -
okta.authentication.step CHARBUF - -
okta.authentication.sessionid CHARBUF - -
okta.authentication.provider CHARBUF - -
okta.authentication.credentialprovider CHARBUF - -
okta.security.asnumber UINT64 - -
okta.security.asorg CHARBUF - -
okta.security.isp CHARBUF - -
okta.security.domain CHARBUF - -
okta.security.isproxy CHARBUF - -
okta.target.user.id CHARBUF - -
okta.target.user.alternateid CHARBUF - -
okta.target.user.name CHARBUF - -
okta.target.group.id CHARBUF - -
okta.target.group.alternateid CHARBUF - -
okta.target.group.name CHARBUF - -
okta.target.app.alternateid CHARBUF - -
okta.targets.displayName CHARBUF oi -
okta.mfa.failure.countlast UINT64 ri -
okta.mfa.deny.countlast UINT64 ri -""",
    ),
    (
        "github",
        ("github",),
        """github.type CHARBUF - -
github.action CHARBUF - -
github.user CHARBUF - -
github.repo CHARBUF - -
github.repo.url CHARBUF - -
github.repo.name CHARBUF - -
github.repo.description CHARBUF - -
github.org CHARBUF - -
github.owner CHARBUF - -
github.repo.public CHARBUF - -
github.collaborator.name CHARBUF - -
github.collaborator.role CHARBUF - -
github.webhook.id CHARBUF - -
github.webhook.type CHARBUF - -
github.commit.added CHARBUF - -
github.commit.modified CHARBUF - -
github.commit.removed CHARBUF - -
github.diff.has_secrets CHARBUF - -
github.diff.committed_secrets.desc CHARBUF - -
github.diff.committed_secrets.files CHARBUF - -
github.diff.committed_secrets.lines CHARBUF - -
github.diff.committed_secrets.links CHARBUF - -
github.workflow.has_miners CHARBUF - -
github.workflow.miners.type CHARBUF - -
github.workflow.filename CHARBUF - -""",
    ),
    (
        "gcpaudit",
        ("gcp_auditlog",),
        """gcp.user CHARBUF - -
gcp.callerIP CHARBUF - -
gcp.userAgent CHARBUF - -
gcp.authorizationInfo CHARBUF - -
gcp.serviceName CHARBUF - -
gcp.policyDelta CHARBUF - -
gcp.request CHARBUF - -
gcp.methodName CHARBUF - -
gcp.cloudfunctions.function CHARBUF - -
gcp.cloudsql.databaseId CHARBUF - -
gcp.compute.instanceId CHARBUF - -
gcp.compute.networkId CHARBUF - -
gcp.compute.subnetwork CHARBUF - -
gcp.compute.subnetworkId CHARBUF - -
gcp.dns.zone CHARBUF - -
gcp.iam.serviceAccount CHARBUF - -
gcp.iam.serviceAccountId CHARBUF - -
gcp.location CHARBUF - -
gcp.logging.sink CHARBUF - -
gcp.projectId CHARBUF - -
gcp.resourceName CHARBUF - -
gcp.resourceType CHARBUF - -
gcp.resourceLabels CHARBUF - -
gcp.storage.bucket CHARBUF - -
gcp.time CHARBUF - -""",
    ),
)
