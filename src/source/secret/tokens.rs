//! Tokens that their issuers begin with a known text.

/// A kind of token.
#[derive(Debug)]
pub(super) struct Token {
    /// How it begins, in these very letters.
    pub begins: &'static str,
    /// What it continues with.
    pub body: Body,
    /// How many such characters follow at least.
    pub follows: usize,
    /// What it is, with its article.
    pub what: &'static str,
}

/// The characters of a token behind its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Letters and digits.
    Alnum,
    /// Letters, digits, `_` and `-`.
    Word,
    /// The same with `.`, `+`, `/` and `=`.
    Base64,
    /// Small hexadecimal digits and hyphens.
    Hex,
    /// Letters and digits, capital and small ones among them: the beginning alone says too little.
    Mixed,
}

impl Body {
    /// Whether a byte may be part of it.
    pub(super) fn holds(self, byte: u8) -> bool {
        match self {
            Body::Alnum | Body::Mixed => byte.is_ascii_alphanumeric(),
            Body::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Body::Base64 => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=')
            }
            Body::Hex => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'-'),
        }
    }

    /// Whether a text of such bytes looks like chance made it, as far as the kind asks for that.
    pub(super) fn convinces(self, body: &str) -> bool {
        self != Body::Mixed || is_mixed(body)
    }
}

/// Whether digits, small and capital letters are all there.
pub(super) fn is_mixed(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

const fn token(begins: &'static str, body: Body, follows: usize, what: &'static str) -> Token {
    Token { begins, body, follows, what }
}

/// The tokens of the services that scanners know, by service.
pub(super) static TOKENS: &[Token] = &[
    token("AGE-SECRET-KEY-1", Body::Alnum, 40, "an age secret key"),
    token("LTAI", Body::Mixed, 16, "an Alibaba Cloud access key"),
    token("sk-ant-", Body::Word, 20, "an API key"),
    token("AKCp", Body::Alnum, 60, "an Artifactory token"),
    token("ATATT3", Body::Base64, 40, "an Atlassian token"),
    token("ATCTT3", Body::Base64, 40, "an Atlassian token"),
    token("ATBB", Body::Mixed, 28, "a Bitbucket password"),
    token("AKIA", Body::Alnum, 16, "an AWS access key"),
    token("ASIA", Body::Alnum, 16, "an AWS access key"),
    token("ABIA", Body::Alnum, 16, "an AWS access key"),
    token("ACCA", Body::Alnum, 16, "an AWS access key"),
    token("bkua_", Body::Hex, 36, "a Buildkite token"),
    token("CCIPAT_", Body::Word, 20, "a CircleCI token"),
    token("v1.0-", Body::Hex, 100, "a Cloudflare key"),
    token("CFPAT-", Body::Word, 30, "a Contentful token"),
    token("dapi", Body::Hex, 32, "a Databricks token"),
    token("dop_v1_", Body::Alnum, 40, "a DigitalOcean token"),
    token("doo_v1_", Body::Alnum, 40, "a DigitalOcean token"),
    token("dor_v1_", Body::Alnum, 40, "a DigitalOcean token"),
    token("dckr_pat_", Body::Word, 20, "a Docker token"),
    token("dckr_oat_", Body::Word, 20, "a Docker token"),
    token("dp.pt.", Body::Alnum, 30, "a Doppler token"),
    token("dp.st.", Body::Base64, 30, "a Doppler token"),
    token("figd_", Body::Word, 30, "a Figma token"),
    token("fm2_", Body::Base64, 60, "a Fly.io token"),
    token("ghp_", Body::Alnum, 20, "a GitHub token"),
    token("gho_", Body::Alnum, 20, "a GitHub token"),
    token("ghu_", Body::Alnum, 20, "a GitHub token"),
    token("ghs_", Body::Alnum, 20, "a GitHub token"),
    token("ghr_", Body::Alnum, 20, "a GitHub token"),
    token("github_pat_", Body::Word, 20, "a GitHub token"),
    token("glpat-", Body::Base64, 16, "a GitLab token"),
    token("gldt-", Body::Word, 16, "a GitLab token"),
    token("glrt-", Body::Base64, 16, "a GitLab token"),
    token("glptt-", Body::Word, 16, "a GitLab token"),
    token("glcbt-", Body::Word, 16, "a GitLab token"),
    token("glsoat-", Body::Word, 16, "a GitLab token"),
    token("glagent-", Body::Word, 16, "a GitLab token"),
    token("gloas-", Body::Word, 16, "a GitLab token"),
    token("glft-", Body::Word, 16, "a GitLab token"),
    token("glimt-", Body::Word, 16, "a GitLab token"),
    token("AIza", Body::Word, 33, "a Google API key"),
    token("GOCSPX-", Body::Word, 24, "a Google client secret"),
    token("ya29.", Body::Word, 20, "a Google token"),
    token("1//0", Body::Word, 35, "a Google token"),
    token("glc_", Body::Base64, 30, "a Grafana token"),
    token("glsa_", Body::Word, 30, "a Grafana token"),
    token("eyJrIjoi", Body::Base64, 60, "a Grafana key"),
    token("gsk_", Body::Alnum, 40, "an API key"),
    token("hf_", Body::Alnum, 30, "a Hugging Face token"),
    token("lin_api_", Body::Alnum, 24, "a Linear key"),
    token("key-", Body::Hex, 32, "a Mailgun key"),
    token("nfp_", Body::Alnum, 30, "a Netlify token"),
    token("NRAK-", Body::Alnum, 20, "a New Relic key"),
    token("ntn_", Body::Alnum, 40, "a Notion token"),
    token("secret_", Body::Mixed, 40, "a Notion token"),
    token("npm_", Body::Alnum, 30, "an npm token"),
    token("sk-proj-", Body::Word, 20, "an API key"),
    token("sk-svcacct-", Body::Word, 20, "an API key"),
    token("sk-admin-", Body::Word, 20, "an API key"),
    token("sk-or-v1-", Body::Alnum, 40, "an API key"),
    token("sk-", Body::Mixed, 32, "an API key"),
    token("ops_eyJ", Body::Base64, 40, "a 1Password token"),
    token("pplx-", Body::Alnum, 40, "an API key"),
    token("pscale_tkn_", Body::Base64, 30, "a PlanetScale token"),
    token("pscale_pw_", Body::Base64, 30, "a PlanetScale password"),
    token("pscale_oauth_", Body::Base64, 30, "a PlanetScale token"),
    token("PMAK-", Body::Hex, 30, "a Postman key"),
    token("pul-", Body::Hex, 40, "a Pulumi token"),
    token("pypi-AgE", Body::Word, 20, "a PyPI token"),
    token("r8_", Body::Mixed, 36, "an API key"),
    token("rubygems_", Body::Hex, 40, "a RubyGems key"),
    token("SG.", Body::Base64, 40, "a SendGrid key"),
    token("sntrys_", Body::Base64, 30, "a Sentry token"),
    token("sntryu_", Body::Hex, 40, "a Sentry token"),
    token("shpat_", Body::Alnum, 24, "a Shopify token"),
    token("shpss_", Body::Alnum, 24, "a Shopify secret"),
    token("shpca_", Body::Alnum, 24, "a Shopify token"),
    token("shppa_", Body::Alnum, 24, "a Shopify password"),
    token("xoxa-", Body::Word, 10, "a Slack token"),
    token("xoxb-", Body::Word, 10, "a Slack token"),
    token("xoxc-", Body::Word, 10, "a Slack token"),
    token("xoxd-", Body::Base64, 10, "a Slack token"),
    token("xoxe-", Body::Word, 10, "a Slack token"),
    token("xoxe.", Body::Base64, 20, "a Slack token"),
    token("xoxo-", Body::Word, 10, "a Slack token"),
    token("xoxp-", Body::Word, 10, "a Slack token"),
    token("xoxr-", Body::Word, 10, "a Slack token"),
    token("xoxs-", Body::Word, 10, "a Slack token"),
    token("xapp-", Body::Word, 20, "a Slack token"),
    token("sq0atp-", Body::Word, 20, "a Square token"),
    token("sq0csp-", Body::Word, 30, "a Square secret"),
    token("sk_live_", Body::Alnum, 10, "a Stripe key"),
    token("sk_test_", Body::Alnum, 10, "a Stripe key"),
    token("rk_live_", Body::Alnum, 10, "a Stripe key"),
    token("rk_test_", Body::Alnum, 10, "a Stripe key"),
    token("whsec_", Body::Base64, 16, "a webhook secret"),
    token("sbp_", Body::Hex, 36, "a Supabase token"),
    token("hvs.", Body::Word, 20, "a Vault token"),
    token("hvb.", Body::Word, 20, "a Vault token"),
    token("hvr.", Body::Word, 20, "a Vault token"),
    token("xai-", Body::Alnum, 60, "an API key"),
];
