"""The many ways to write a unit, and the one by which it is known."""

import re

# Spellings of one factor of a unit. Upper and lower case are told apart where it matters (MJ, mm, K).
SPELLINGS = {
    "d": ("day", "days", "Day", "Days"),
    "h": ("hr", "hour", "hours", "hrs"),
    "s": ("sec", "second", "seconds"),
    "m": ("meter", "metre", "meters", "metres"),
    "mm": ("millimeter", "millimetre", "millimeters", "millimetres", "MM"),
    "cm": ("centimeter", "centimetre", "centimeters", "centimetres"),
    "in": ("inch", "inches"),
    "ft": ("foot", "feet"),
    "l": ("L", "liter", "litre", "liters", "litres"),
    "degC": ("C", "°C", "℃", "celsius", "Celsius"),
    "K": ("kelvin", "Kelvin", "degK", "°K"),
    "degF": ("F", "°F", "℉", "fahrenheit", "Fahrenheit"),
    "cfs": ("CFS", "cusec", "cusecs"),
    "cms": ("CMS", "cumec", "cumecs"),
    "Pa": ("pa", "pascal", "Pascal"),
    "hPa": ("hpa", "mbar", "mb", "millibar"),
    "kPa": ("kpa", "KPa"),
    "W": ("watt", "Watt", "watts"),
    "J": ("joule", "Joule", "joules"),
}
WORDS = {spelling: name for name, others in SPELLINGS.items() for spelling in (name, *others)}
DEGREES = re.compile(r"\bdeg(?:ree)?s?[\s_]*(c|f|k|celsius|fahrenheit|kelvin)\b", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
# A word, its power, what stands before it; brackets are words.
TOKEN = re.compile(
    r"\s*(?:(?P<over>/|\bper\b)|(?P<times>\*(?!\*)|[.·])|(?P<open>\()|(?P<close>\))|"
    r"(?P<word>[^\W\d_]+|[°℃℉][CFK]?|1(?![\d.]))(?:(?:\s*(?:\*\*|\^)\s*)?(?P<power>[-+]?\d+))?)\s*"
)


def canonical(unit: str) -> str:
    """The unit as powers of its factors in alphabetical order: 'mm/day' and 'mm day^-1' are 'd-1 mm'.

    '' where it is no product of words and powers. As in UDUNITS, '/' turns over the next factor only, or the bracket.
    """
    text = DEGREES.sub(lambda match: "deg" + match[1][0].upper(), unit.strip().translate(SUPERSCRIPTS))
    powers: dict[str, int] = {}
    place, over, bracket = 0, False, False
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or match.end() == place:
            return ""
        place = match.end()
        if match["over"]:
            over = True
        elif match["open"]:
            bracket = True
        elif match["close"]:
            over = bracket = False
        elif match["word"]:
            name = WORDS.get(match["word"], match["word"])
            powers[name] = powers.get(name, 0) + int(match["power"] or 1) * (-1 if over else 1)
            over = over and bracket
    if over:
        return ""
    factors = sorted((name, power) for name, power in powers.items() if power and name != "1")
    return " ".join(name if power == 1 else f"{name}{power}" for name, power in factors)
