"""Words for time zones that are no city's name: abbreviations, and countries as people call them. Data only."""

# Letters, then the zones they may mean, the likeliest first. What means one thing here and another there is asked
# back, and so is what keeps the same name with and without summer time.
ABBREVIATIONS = """
ist Asia/Kolkata Asia/Jerusalem Europe/Dublin
cst America/Chicago Asia/Shanghai America/Havana
est America/New_York Australia/Sydney America/Jamaica
mst America/Denver America/Phoenix Asia/Kuala_Lumpur
pst America/Los_Angeles Asia/Manila
bst Europe/London Asia/Dhaka
ast America/Halifax Asia/Riyadh America/Puerto_Rico
gmt Europe/London Africa/Accra
cet Europe/Berlin Africa/Algiers
eet Europe/Athens Africa/Cairo Europe/Kaliningrad
wet Europe/Lisbon Africa/Casablanca
sst Asia/Singapore Pacific/Pago_Pago
amt America/Manaus Asia/Yerevan
gst Asia/Dubai Atlantic/South_Georgia
ect America/Guayaquil Europe/Paris
edt et eastern America/New_York
cdt ct central America/Chicago
mdt mt mountain America/Denver
pdt pt pacific America/Los_Angeles
adt atlantic America/Halifax
akst akdt alaska America/Anchorage
hst hawaii Pacific/Honolulu
nst ndt America/St_Johns
cest Europe/Berlin
eest Europe/Athens
west Europe/Lisbon
msk Europe/Moscow
trt Europe/Istanbul
pkt Asia/Karachi
npt Asia/Kathmandu
slst Asia/Colombo
bdt Asia/Dhaka
mmt Asia/Yangon
ict Asia/Bangkok
wib Asia/Jakarta
wita Asia/Makassar
wit Asia/Jayapura
sgt Asia/Singapore
myt Asia/Kuala_Lumpur
pht Asia/Manila
hkt Asia/Hong_Kong
jst Asia/Tokyo
kst Asia/Seoul
awst Australia/Perth
acst Australia/Darwin Australia/Adelaide
aest Australia/Sydney Australia/Brisbane
aedt Australia/Sydney
acdt Australia/Adelaide
nzst nzdt nzt Pacific/Auckland
wat Africa/Lagos
cat Africa/Maputo
eat Africa/Nairobi
sast Africa/Johannesburg
brt America/Sao_Paulo
art America/Argentina/Buenos_Aires
clt America/Santiago
cot America/Bogota
pet America/Lima
utc z UTC
"""

# A country (ISO 3166) and what it is called beside its name in the zone database, with commas between.
COUNTRIES = """
GB uk,britain,great britain,england,united kingdom,scotland,wales
US usa,us,america,united states,united states of america
AE uae,emirates
KR korea,south korea
KP north korea
CZ czechia
CI ivory coast
NL holland,the netherlands
VN vietnam
RU russia
TR turkiye
MM burma
IN bharat,indian
CD congo
"""
