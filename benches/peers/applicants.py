"""Fresh applicants for the fixture generator's packets: drawn by a seed, so that no bench runs over the pages the tool was made with."""

import people

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹窦章苏潘葛范彭鲁韦马苗方俞任袁柳史唐薛雷贺汤罗毕郝安常乐于傅康余顾孟黄萧尹姚邵汪毛戴宋庞熊纪舒屈项祝董梁"
GIVEN = "文博雅静思远志明晓峰雨涵子轩嘉怡建华国强丽娟海涛春梅永康佳慧俊杰秀兰振宇梦琪立新彦斌素云泽楠启航若曦景行"
TRADES = ["恒信", "瑞达", "华岳", "天成", "众合", "永泰", "盛源", "金石", "东升", "博远", "凯隆", "正新"]
FIELDS = ["机械制造", "数据技术", "自动化设备", "电气工程", "信息服务", "矿山设备", "仪表检测", "节能科技"]


def _pick(rng, values):
    return values[int(rng.integers(len(values)))]


def _unit(old, employer, rng):
    """Another unit of the same place and kind."""
    tail = "服务中心" if employer == "事业单位" else "有限责任公司" if rng.random() < 0.3 else "有限公司"
    return old[:3] + _pick(rng, TRADES) + _pick(rng, FIELDS) + tail


def _said_anew(value, words):
    """A value of an applicant with the old names replaced wherever they stand."""
    if isinstance(value, str):
        for old, new in words.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(_said_anew(v, words) for v in value)
    if isinstance(value, dict):
        return {_said_anew(k, words): _said_anew(v, words) for k, v in value.items()}
    return value


def renewed(rng):
    """A `people.person` whose name, unit, birthday and number are fresh; the same old name gives the same new one."""
    known = {}

    def person(**p):
        if p["name"] not in known:
            name = _pick(rng, SURNAMES) + "".join(_pick(rng, GIVEN) for _ in range(2))
            known[p["name"]] = {p["name"]: name, p["unit"]: _unit(p["unit"], p["employer"], rng)}
        p = _said_anew(p, known[p["name"]])
        # The check character stays: some packets plant a mistake on it.
        last = people.person(**p)["id"][-1]
        while True:
            p["day"] = f"{int(rng.integers(1, 29)):02d}"
            p["serial"] = f"{int(rng.integers(10, 99))}{2 * int(rng.integers(0, 5)) + (not p.get('female'))}"
            made = people.person(**p)
            if made["id"][-1] == last:
                return made

    return person
