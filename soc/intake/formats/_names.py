"""Names under which tools keep the same thing, in order of preference.

From Elastic's ECS, OCSF 1.x and common vendors; spelled as soc.intake.fields reads them:
lower case, without `_`, `-` and `@`, `^` for the top level.
"""

from collections.abc import Iterator

from soc.intake.drafts import Sighting
from soc.intake.fields import Fields

TITLE = (
    *("title", "alerttitle", "findinginfo.title", "alertname", "alert.name", "detectionname"),
    *("threatname", "^displayname", "alert.signature", "signature", "rule.description"),
    *("rule.name", "rulename", "searchname", "analytic.name", "^rule", "^name", "summary"),
    *(
        "detectname",
        "subject",
        "headline",
        "scenario",
        "eventname",
        "message",
        "msg",
        "^description",
        "reason",
        "output",
    ),
    *("event.action", "activityname", "operation", "typename", "^type"),
)
DESCRIPTION = (
    *("description", "desc", "details", "reason", "message", "msg", "output", "event.original"),
    *("fulllog", "summary", "reason"),
)
SEVERITY = (
    *("alert.severity", "severity", "severity.label", "severitylabel", "severityname"),
    *("displayseverity", "event.severity", "urgency", "priority", "threatlevel", "risklevel"),
    *("criticality", "rule.level", "^level", "loglevel", "impact", "riskscore"),
)
TIME = (
    *("originaltime", "occurredat", "eventtime", "eventfirstseen", "firstactivitydatetime"),
    *("firstseen", "firstseentime", "detectedat", "detecttime", "^timestamp", "^time"),
    *("timestamp", "eventdatetime", "createddatetime", "createdat", "createdtime", "created"),
    *("eventcreationtime", "starttime", "startsat", "startat", "start", "^date", "^ts", "time"),
    *("receivedtime", "updatedat"),
)
CATEGORY = ("event.category", "^category", "alertcategory", "category", "classification")
SOURCE_ID = (
    *("^alertid", "^alertuid", "^alertuuid", "alert.uuid", "alert.id", "findinginfo.uid"),
    *(
        "finding.uid",
        "^findingid",
        "^detectionid",
        "detectid",
        "^eventuuid",
        "^uuid",
        "^guid",
        "^id",
    ),
    *("metadata.uid", "^dedupkey", "^sourceref", "^externalid"),
)
EVENT_ID = "event.id"
RULE_KEY = (
    *("rule.id", "rule.uuid", "rule.uid", "ruleid", "ruleuuid", "signatureid", "detectorid"),
    *("generatorid", "analytic.uid", "pluginid", "detectionruleid"),
)
RULE_NAME = ("rule.name", "rulename", "analytic.name", "searchname", "^rule", "signature")
TOOL = (
    *("product.name", "observer.product", "productname", "^product", "^sourcename", "^tool"),
    *("deviceproduct", "servicesource", "event.module", "event.provider", "vendorname"),
    *("^vendor", "^provider", "^source"),
)
TACTIC_IDS = ("tactic.id", "tactic.uid", "mitretacticid", "tacticid")
TACTICS = (
    *("tactic.name", "mitre.tactic", "mitretactics", "mitretactic", "mitretacticname"),
    *("tactics", "tactic", "tacticname"),
)
TECHNIQUE_IDS = (
    *("technique.id", "technique.uid", "subtechnique.id", "subtechnique.uid", "mitre.id"),
    *("mitretechniqueid", "techniqueid"),
)
TECHNIQUES = ("mitretechniques", "mitretechnique", "techniques", "technique")
KILL_CHAIN = ("killchainphase", "killchain.phase", "killchain")
TAGS = ("^tags", "^labels", "alert.tags", "event.tags", "rule.groups")
HOST = (
    *("host.name", "host.hostname", "hostname", "computername", "devicehostname", "devicename"),
    *("device.hostname", "device.name", "agent.name", "agent.hostname", "endpoint.name"),
    *("machinename", "computer", "host", "dvchost", "machineid", "asset.name", "dnsname"),
)
HOST_IP = ("host.ip", "device.ip", "agent.ip", "localip", "hostip", "deviceip", "endpoint.ip")
HOST_ID = ("host.id", "device.id", "device.uid", "agent.id", "deviceid", "hostid")
USER = (
    *("user.name", "username", "userprincipalname", "accountname", "targetusername"),
    *("subjectusername", "srcuser", "sourceuser", "dstuser", "destuser", "suser", "duser"),
    *("account.name", "principal", "login", "useremail", "user.email", "user", "^account"),
)
USER_EMAIL = ("user.email", "useremail", "useremailaddr", "userprincipalname", "emailaddr")
USER_DOMAIN = ("user.domain", "userdomain", "domainname", "accountdomain", "targetdomainname")

# (type, role, names); a value that is none of its type is dropped by normalisation.
SIGHTINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ip", "source", ("source.ip", "srcip", "sourceip", "srcendpoint.ip", "source.address")),
    ("ip", "source", ("src", "srcaddr", "saddr", "ipsrc", "clientip", "client.ip", "source")),
    ("ip", "source", ("sourceaddress", "attackerip", "callerip", "sourceipaddress", "src.ip")),
    ("ip", "source", ("remoteip", "remoteaddress", "source.value", "ipaddressv4")),
    ("ip", "destination", ("destination.ip", "dstip", "destip", "destinationip", "dst", "dest")),
    ("ip", "destination", ("dstendpoint.ip", "destination.address", "destinationaddress")),
    ("ip", "destination", ("daddr", "ipdst", "dstaddr", "serverip", "server.ip", "targetip")),
    ("ip", "destination", ("dst.ip", "dest.ip")),
    ("ip", "actor", ("host.ip", "device.ip", "agent.ip", "localip", "hostip", "deviceip")),
    ("ip", "other", ("ip", "ipaddress", "ipaddr", "address")),
    ("hash_sha256", "file", ("sha256", "hash.sha256", "filehash", "hash", "hashes", "filehashes")),
    ("hash_sha1", "file", ("sha1", "hash.sha1", "filehash", "hash", "hashes", "filehashes")),
    ("hash_md5", "file", ("md5", "hash.md5", "filehash", "hash", "hashes", "filehashes")),
    ("hash_sha256", "file", ("sha256after",)),
    ("hash_sha1", "file", ("sha1after",)),
    ("hash_md5", "file", ("md5after",)),
    ("file_name", "file", ("file.name", "filename", "file.path", "filepath", "imagefilename")),
    ("file_name", "actor", ("process.name", "processname", "process.executable", "image")),
    ("url", "url", ("url", "url.full", "url.original", "requesturl", "uri", "request.url")),
    ("domain", "domain", ("url.domain", "domain", "destination.domain", "question.name")),
    ("domain", "domain", ("rrname", "sni", "servername", "dnsquery", "queryname", "fqdn")),
    ("email", "sender", ("sender", "from", "mailfrom", "senderaddress", "from.address")),
    ("email", "recipient", ("recipient", "recipients", "to", "rcptto", "to.address")),
    ("email", "actor", ("user.email", "useremail", "userprincipalname", "email", "emailaddr")),
    ("account", "actor", USER),
    ("hostname", "other", HOST),
    ("user_agent", "other", ("useragent", "useragent.original", "httpuseragent")),
    ("registry_key", "other", ("registry.path", "registrykey", "registry.key", "targetobject")),
    ("cve", "other", ("cve", "cveid", "cve.uid", "vulnerability.id")),
    ("asn", "other", ("asn", "as.number", "asnumber")),
    ("mac", "other", ("mac", "macaddress", "host.mac", "device.mac", "srcmac", "dstmac")),
)


def sightings(fields: Fields) -> Iterator[Sighting]:
    """Everything the names tell, still as it came."""
    for kind, role, names in SIGHTINGS:
        for text in fields.all(*names):
            yield Sighting(kind, text, role)
