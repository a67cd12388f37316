"""Web pages for the tests: an article in the dress of a site, and the walls that stand in front of one."""

from __future__ import annotations

__all__ = ["ARTICLE", "ARTICLE_ZH", "FEED", "FEED_ZH", "TEXT_ZH", "WALLS", "page"]

PARAGRAPHS = (
    "Recursive skill agents keep a library of skills that were learned on earlier household tasks, and they call these skills by name"
    " when a new task looks alike. The library is kept small by merging skills that were never used apart.",
    "On the ALFWorld benchmark the agents reach 89.9% success after four thousand episodes, against 71% for the same model without a"
    " library. The gain is largest on long tasks, where plain agents forget what they had set out to do.",
    "The authors name a limitation: a library that was learned in one house helps little in another, unless the names of its rooms"
    " are the same. They leave it to future work to learn names that carry over.",
)
BODY = f"""
<h1>Agents that keep their skills</h1>
<p>{PARAGRAPHS[0]}</p>
<h2>What was measured</h2>
<p>{PARAGRAPHS[1]} See <a href="/data">the data</a> and <a href="https://arxiv.org/abs/2602.08234">the paper</a>.</p>
<table><tr><th>agent</th><th>success</th></tr><tr><td>plain</td><td>71%</td></tr><tr><td>skills</td><td>89.9%</td></tr></table>
<ul><li>Skills are merged when they were never used apart</li><li>Skills are dropped after a month<ul><li>unless a task of the test set needs them</li></ul></li></ul>
<blockquote><p>We did not expect that forgetting would help as much as it did, said one of the authors.</p></blockquote>
<pre><code>def call(skill, task):
    return library[skill](task)
</code></pre>
<p>{PARAGRAPHS[2]}</p>
"""
TEXT_ZH = (
    "研究人员提出了一种新的方法，可以让语言模型在长任务中管理自己的上下文。实验表明，这种方法的延迟降低了百分之四十，而准确率没有下降。",
    "该方法首先把任务分成若干步，然后对每一步分别求解，最后把结果合并起来。作者认为，这说明了递归在智能体中的作用。",
    "不过，这种方法仍然有局限：它需要更多的计算，而且在很短的任务上没有好处。作者计划在下一篇论文中研究如何减少计算。",
)
BODY_ZH = "<h1>语言模型管理自己的上下文</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in TEXT_ZH)


def page(body: str, *, head: str = "", lang: str = "en") -> str:
    """A page of a site: its menu, its side column, the body, and what stands below."""
    links = "".join(f'<li><a href="/s/{n}">Section {n} of the site</a></li>' for n in range(12))
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body><header><nav><ul>{links}</ul></nav></header>'
        f'<main><article>{body}</article></main><aside class="sidebar"><h3>Most read</h3><ul>{links}</ul></aside>'
        '<footer><p>© 2026 The Site. All rights reserved. <a href="/privacy">Privacy</a> <a href="/terms">Terms</a></p></footer>'
        "<script>track()</script></body></html>"
    )


HEAD = (
    '<meta charset="utf-8"><title>Agents that keep their skills | The Lab</title><meta property="og:site_name" content="The Lab">'
    '<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2026-02-11T08:30:00+08:00">'
    '<link rel="canonical" href="https://lab.example.org/skills">'
)
ARTICLE = page(BODY, head=HEAD)
ARTICLE_ZH = page(
    BODY_ZH,
    head='<title>语言模型管理自己的上下文_某某网</title><meta property="og:site_name" content="某某网">',
    lang="zh",
)
FEED = (
    "Recursive skill agents keep a library of skills that were learned on earlier household tasks, and they call these…"
)
FEED_ZH = "研究人员提出了一种新的方法，可以让语言模型在长任务中管理自己的上下文。"

WALLS = {
    "cookies": "We and our partners use cookies to store and access personal data such as browsing data. By selecting Accept all cookies you"
    " agree to the processing of your data by these technologies. You can manage your preferences at any time in the settings of this site.",
    "payment": "This article is for subscribers only. Subscribe to continue reading, and get unlimited access to all our stories about agents,"
    " skills and household tasks for one dollar a week. Already a subscriber? Sign in to continue. You can cancel at any time you like.",
    "scripts": "Please enable JavaScript and cookies to continue. Your browser is out of date, or scripts are blocked by an extension that you"
    " installed. After you have enabled JavaScript, load the page once more, or write to the support of the site for further help.",
    "robots": "Checking your browser before accessing the site. Verifying you are human. This may take a few seconds. The site needs to review"
    " the security of your connection before proceeding, and will send you on as soon as this has been done. Ray ID: 8fa3a0e1b2c3d4e5",
    "gone": "Page not found. The page that you are looking for could not be found: it may have been moved, renamed or deleted. Go back to the"
    " front page of the site, or search for what you had in mind with the field above, and tell us if you think that this is a mistake.",
    "login": "Sign in to continue to the site. Enter your email and your password, or use one of your accounts with another service. New here?"
    " Create a free account in less than a minute and follow the people and topics that matter to you, wherever you are on the go.",
    "payment-zh": "本文为付费内容，登录后阅读全文。开通会员即可解锁全部文章，每天不到一元钱。已经是会员？请先登录。订阅后阅读更多深度报道，随时可以取消订阅，我们支持多种支付方式，欢迎您的加入和支持，感谢理解。",
    "scripts-zh": "请启用 JavaScript 后继续访问本网站。您的浏览器版本过低或者脚本已被禁用，页面内容无法正常显示。请打开浏览器的设置，启用脚本以后重新加载此页面，或者更换其他浏览器再试一次，给您带来不便敬请谅解。",
    "gone-zh": "抱歉，您访问的页面不存在。该文章可能已删除、已更名或者暂时不可用。请检查您输入的网址是否正确，或者返回首页浏览其他内容，也可以使用搜索功能查找您感兴趣的文章，如有疑问请与我们的客服人员联系，谢谢。",
    "robots-hant": "為了確保您的存取安全，請完成驗證後繼續訪問。系統偵測到您的網路有異常流量，訪問過於頻繁，需要進行人機驗證。請依照畫面上的指示操作，完成驗證之後即可繼續瀏覽網頁，造成不便敬請見諒，謝謝您的配合。",
}
