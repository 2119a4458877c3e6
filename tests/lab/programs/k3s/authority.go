package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

const leafDays = 365

// One of the cluster's authorities, which all servers share.
type authority struct {
	chain []*x509.Certificate
	key   crypto.Signer
}

// A certificate and its key, by their files.
type pair struct{ certificate, key string }

func readAuthority(name string) authority {
	files := pairOf(name)
	chain, key, err := loadChain(files.certificate, files.key)
	check(err)
	return authority{chain, key}
}

func pairOf(name string) pair { return pair{tlsPath(name + ".crt"), tlsPath(name + ".key")} }

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.chain[0])
	return pool
}

// The pair of this name; it is made anew, with another key, unless it has all the names already.
func (a authority) issue(name string, subject pkix.Name, usage x509.ExtKeyUsage, sans []string) pair {
	files := pairOf(name)
	if hasAll(files.certificate, sans) {
		return files
	}
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))),
		Subject:      subject,
		NotBefore:    now.Add(-time.Minute),
		NotAfter:     now.AddDate(0, 0, leafDays),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{usage},
	}
	for _, san := range sans {
		if address := net.ParseIP(san); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, san)
		}
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.chain[0], key.Public(), a.key))
	writePEM(files.key, "EC PRIVATE KEY", must(x509.MarshalECPrivateKey(key)), 0o600)
	writePEM(files.certificate, "CERTIFICATE", der, 0o644)
	return files
}

func hasAll(file string, sans []string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return false
	}
	has := map[string]bool{}
	for _, name := range certificate.DNSNames {
		has[name] = true
	}
	for _, address := range certificate.IPAddresses {
		has[address.String()] = true
	}
	for _, san := range sans {
		if address := net.ParseIP(san); address != nil {
			san = address.String()
		}
		if !has[san] {
			return false
		}
	}
	return true
}

func writePEM(path, kind string, der []byte, mode os.FileMode) {
	check(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode))
}
