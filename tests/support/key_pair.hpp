#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

namespace hourglass::test {

/// A certificate that its own key has signed, and that key; both PEM.
struct KeyPair {
    std::string certificate;
    std::string private_key;
};

namespace detail {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* what) const {
        free(what);
    }
};

inline std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace detail

/// Another pair each time, for a day.
inline KeyPair new_key_pair(const std::string& name = "worker.test") {
    const std::unique_ptr<EVP_PKEY, detail::Free<EVP_PKEY_free>> key{
        EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
    };
    const std::unique_ptr<X509, detail::Free<X509_free>> certificate{X509_new()};
    const std::unique_ptr<BIO, detail::Free<BIO_free>> pem{BIO_new(BIO_s_mem())};
    const std::unique_ptr<BIO, detail::Free<BIO_free>> key_pem{BIO_new(BIO_s_mem())};
    if (!key || !certificate || !pem || !key_pem) {
        throw std::runtime_error{"OpenSSL makes no key"};
    }
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24L * 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0
    );
    X509_set_issuer_name(certificate.get(), subject);
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0 ||
        PEM_write_bio_X509(pem.get(), certificate.get()) == 0 ||
        PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
            0) {
        throw std::runtime_error{"OpenSSL signs no certificate"};
    }
    return {detail::text_of(pem.get()), detail::text_of(key_pem.get())};
}

}  // namespace hourglass::test
