// Value noise: a hash at the corners of a lattice, mixed smoothly between them.
float hash(vec3 p) {
    p = fract(p * 0.1031);
    p += dot(p, p.zyx + 31.32);
    return fract((p.x + p.y) * p.z);
}

float lattice(vec3 x) {
    vec3 i = floor(x), f = fract(x);
    f = f * f * (3.0 - 2.0 * f);
    vec2 e = vec2(0.0, 1.0);
    vec4 near = vec4(hash(i + e.xxx), hash(i + e.yxx), hash(i + e.xyx), hash(i + e.yyx));
    vec4 far = vec4(hash(i + e.xxy), hash(i + e.yxy), hash(i + e.xyy), hash(i + e.yyy));
    vec4 z = mix(near, far, f.z);
    vec2 y = mix(z.xy, z.zw, f.y);
    return mix(y.x, y.y, f.x);
}

// Three octaves, from 0 to 1, mean 1/2.
float grain(vec3 p) {
    return 0.55 * lattice(p) + 0.3 * lattice(2.1 * p) + 0.15 * lattice(4.3 * p);
}

vec3 shown(vec3 linear) {
    return pow(clamp(linear, 0.0, 1.0), vec3(1.0 / 2.2));
}
